package dev.parlance.train.auto;

import dev.parlance.data.DataAudit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an audit of the data means for the models and their scores, a sentence each; nothing where all is well. */
final class AuditNotes {
    private static final double MANY = 0.05;

    private AuditNotes() {}

    static List<String> of(DataAudit audit) {
        List<String> notes = new ArrayList<>();
        for (DataAudit.Leak leak : audit.leaks()) {
            if (!leak.into().equals("train")) {
                notes.add(format(
                        "%.1f %% of the %s texts (%,d) stand in the %s part too: scores there are higher than on new"
                                + " texts; 'parlance data' lists them",
                        100 * leak.share(), leak.into(), leak.count(), leak.from()));
            }
        }
        for (DataAudit.Part part : audit.parts()) {
            if (part.conflicts().count() > 0) {
                notes.add(format(
                        "%,d of the %s texts stand there with another label too: no model can be right on both",
                        part.conflicts().count(), part.name()));
            }
            if (part.suspiciousEncoding().count() > 0) {
                notes.add(format(
                        "%,d of the %s texts look as if they were read in the wrong encoding; set data.encoding if so",
                        part.suspiciousEncoding().count(), part.name()));
            }
            if (part.normalizedDuplicates().count() > MANY * part.rows()) {
                notes.add(format(
                        "%,d of the %s texts repeat another one",
                        part.normalizedDuplicates().count(), part.name()));
            }
        }
        if (!audit.similarLabels().isEmpty()) {
            notes.add("labels that differ in spelling only count as different ones: "
                    + String.join(" / ", audit.similarLabels().get(0)));
        }
        return notes;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
