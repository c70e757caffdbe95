package dev.parlance.train.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ConfusionImageTest {
    @Test
    void right_is_blue_wrong_is_red_and_never_is_white() throws IOException {
        ConfusionImage made = ConfusionImage.of(new int[][] {{5, 5}, {0, 7}});
        BufferedImage image =
                Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(made.png())), "a PNG that Java reads");
        assertThat(image.getWidth()).isEqualTo(made.width()).isEqualTo(22 + 2 * 40 + 1);
        assertThat(corner(image, 1, 1)).isEqualTo(0x6b9be3); // 0.8 of 0x4682dc, the rest white
        assertThat(corner(image, 1, 0)).isEqualTo(0xffffff);
        int red = corner(image, 0, 1);
        assertThat(red >> 16).isGreaterThan(red & 0xff);
        int paler = corner(image, 0, 0);
        assertThat(paler & 0xff).isGreaterThan(paler >> 16);
        assertThat(paler >> 16).isGreaterThan(0x6b);
    }

    /** Inside of a cell, away from its number. */
    private static int corner(BufferedImage image, int gold, int predicted) {
        return image.getRGB(22 + predicted * 40 + 3, 22 + gold * 40 + 3) & 0xffffff;
    }

    @Test
    void many_labels_still_make_a_picture_and_too_many_do_not() {
        ConfusionImage made = ConfusionImage.of(new int[200][200]);
        assertThat(made.width()).isEqualTo(22 + 200 * 5 + 1);
        assertThatThrownBy(() -> ConfusionImage.of(new int[201][201])).isInstanceOf(IllegalArgumentException.class);
    }
}
