// JavaRosa, the engine of ODK Collect, as a process. Each line of the input names a form and a script, separated by
// a tab, and gives one line of JSON: what each step did, whether the form is valid, the instance. The steps are those
// of `examples/script.rs`.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.CoreModelModule;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.GroupDef;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.ValidateOutcome;
import org.javarosa.core.model.actions.recordaudio.RecordAudioActionHandler;
import org.javarosa.core.model.actions.recordaudio.RecordAudioActions;
import org.javarosa.core.model.actions.setgeopoint.SetGeopointAction;
import org.javarosa.core.model.actions.setgeopoint.SetGeopointActionHandler;
import org.javarosa.core.model.data.AnswerDataFactory;
import org.javarosa.core.model.data.BooleanData;
import org.javarosa.core.model.data.GeoPointData;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.UncastData;
import org.javarosa.core.model.instance.FormInstance;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.reference.PrefixedRootFactory;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.services.IPropertyManager;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.core.services.properties.IPropertyRules;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.parse.XFormParser;
import org.javarosa.xform.util.XFormUtils;

public class JavaRosaPeer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FormDef form;
    private final FormEntryController controller;

    /** What actions of the form have asked the device for, by the node it is for. */
    private static final Map<String, TreeReference> PLACES = new TreeMap<>();
    private static final List<String> RECORDINGS = new ArrayList<>();

    public static void main(String[] arguments) throws IOException {
        PrototypeManager.registerPrototypes(CoreModelModule.classNames);
        PrototypeManager.registerPrototypes(JavaRosaCoreModule.classNames);
        new XFormsModule().registerModule();
        XFormParser.registerActionHandler(SetGeopointActionHandler.ELEMENT_NAME, new AskForPlace());
        XFormParser.registerActionHandler(RecordAudioActionHandler.ELEMENT_NAME, new RecordAudioActionHandler());
        RecordAudioActions.setRecordAudioListener((node, quality) -> RECORDINGS.add(path(node)));
        PropertyManager.setPropertyManager(new Device());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] files = line.split("\t");
            System.out.println(JSON.writeValueAsString(answer(new File(files[0]), new File(files[1]))));
            System.out.flush();
        }
    }

    /** Everything that is to be said of a form and a script. */
    private static ObjectNode answer(File file, File script) {
        ObjectNode out = JSON.createObjectNode();
        PLACES.clear();
        RECORDINGS.clear();
        try {
            JavaRosaPeer peer = new JavaRosaPeer(file);
            JsonNode todo = JSON.readTree(script);
            ArrayNode done = out.putArray("steps");
            for (JsonNode step : todo.path("steps")) done.add(peer.step(step));
            if (todo.path("finalize").asBoolean(true)) peer.form.postProcessInstance();
            ValidateOutcome outcome = peer.form.validate();
            out.put("valid", outcome == null || outcome.outcome == FormEntryController.ANSWER_OK);
            byte[] instance = new XFormSerializingVisitor().serializeInstance(peer.form.getInstance());
            out.put("instance", new String(instance, StandardCharsets.UTF_8));
        } catch (Exception | StackOverflowError problem) {
            out.put("error", told(problem));
        }
        return out;
    }

    private JavaRosaPeer(File file) throws Exception {
        ReferenceManager files = ReferenceManager.instance();
        files.reset();
        files.addReferenceFactory(new Beside(file.getAbsoluteFile().getParentFile()));
        try (InputStream xml = new FileInputStream(file)) {
            form = XFormUtils.getFormFromInputStream(xml, "jr://file/last-saved");
        }
        MoreFunctions.register(form.getEvaluationContext(), file.getAbsoluteFile().getParentFile());
        form.initialize(true, new InstanceInitializationFactory());
        controller = new FormEntryController(new FormEntryModel(form));
    }

    private ObjectNode step(JsonNode step) {
        ObjectNode result = JSON.createObjectNode();
        String op = step.path("op").asText();
        result.put("op", op);
        try {
            act(op, step.path("ref").asText(), step.path("value").asText(), result);
        } catch (Exception | StackOverflowError problem) {
            result.put("error", told(problem));
        }
        return result;
    }

    private void act(String op, String ref, String value, ObjectNode result) {
        switch (op) {
            case "answer": {
                FormIndex at = find(ref, FormEntryController.EVENT_QUESTION);
                FormEntryPrompt prompt = controller.getModel().getQuestionPrompt(at);
                result.put("accepted", controller.answerQuestion(at, data(prompt, value), true) == FormEntryController.ANSWER_OK);
                return;
            }
            case "add_repeat":
                controller.jumpToIndex(find(ref, FormEntryController.EVENT_PROMPT_NEW_REPEAT));
                controller.newRepeat();
                return;
            case "remove_repeat":
                controller.deleteRepeat(find(ref, FormEntryController.EVENT_REPEAT));
                return;
            case "language":
                controller.setLanguage(value);
                return;
            case "choices": {
                FormEntryPrompt prompt = question(ref);
                ArrayNode choices = result.putArray("choices");
                for (SelectChoice choice : prompt.getSelectChoices())
                    choices.addArray().add(choice.getValue()).add(prompt.getSelectChoiceText(choice));
                return;
            }
            case "state": {
                TreeElement node = form.getMainInstance().resolveReference(reference(ref));
                result.put("exists", node != null);
                if (node == null) return;
                result.put("relevant", node.isRelevant()).put("required", node.isRequired());
                result.put("readonly", !node.isEnabled());
                result.put("value", node.getValue() == null ? "" : node.getValue().uncast().getString());
                return;
            }
            case "label":
                result.put("label", question(ref).getQuestionText());
                return;
            case "hint":
                result.put("hint", question(ref).getHelpText());
                return;
            case "message":
                // What a broken constraint would say.
                result.put("message", question(ref).getConstraintText());
                return;
            case "requests": {
                ArrayNode asked = result.putArray("requests");
                PLACES.keySet().forEach(node -> asked.add("place " + node));
                RECORDINGS.stream().sorted().forEach(node -> asked.add("recording " + node));
                return;
            }
            case "deliver": {
                IAnswerData place = new GeoPointData().cast(new UncastData(value));
                form.setValue(place, PLACES.remove(path(reference(ref))), true);
                return;
            }
            case "settle":
                settle();
                return;
            case "reopen":
                // Saving and opening again is to change nothing: here nothing happens.
                return;
            default:
                throw new IllegalArgumentException("unknown op");
        }
    }

    /**
     * Takes away what a lowered count leaves standing, and works out everything anew, as loading does: what depends
     * on instances that came or went may be stale.
     */
    private void settle() {
        while (beyondCount() != null) controller.deleteRepeat(beyondCount());
        try {
            Method all = FormDef.class.getDeclaredMethod("initializeTriggerables", TreeReference.class);
            all.setAccessible(true);
            all.invoke(form, TreeReference.rootRef());
        } catch (ReflectiveOperationException problem) {
            throw new IllegalStateException(problem.getCause() == null ? problem : problem.getCause());
        }
    }

    /** The first instance that its repeat's count does not have. */
    private FormIndex beyondCount() {
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        for (int now = controller.stepToNextEvent(); now != FormEntryController.EVENT_END_OF_FORM; now = controller.stepToNextEvent()) {
            FormIndex index = controller.getModel().getFormIndex();
            if (now != FormEntryController.EVENT_REPEAT) continue;
            GroupDef repeat = (GroupDef) form.getChild(index);
            if (repeat.getCountReference() == null) continue;
            TreeReference count = FormInstance.unpackReference(repeat.getCountReference()).contextualize(index.getReference());
            IAnswerData value = form.getMainInstance().resolveReference(count).getValue();
            if (value == null || index.getTerminal().getInstanceIndex() >= ((Number) value.getValue()).intValue()) return index;
        }
        return null;
    }

    private FormEntryPrompt question(String path) {
        return controller.getModel().getQuestionPrompt(find(path, FormEntryController.EVENT_QUESTION));
    }

    private static IAnswerData data(FormEntryPrompt prompt, String value) {
        if (value.isEmpty()) return null;
        // It reads no booleans back.
        if (prompt.getDataType() == Constants.DATATYPE_BOOLEAN) return new BooleanData(value.equals("true"));
        return AnswerDataFactory.template(prompt.getControlType(), prompt.getDataType()).cast(new UncastData(value));
    }

    /** Walks from the beginning, as a person would: counted instances are made only when someone comes by. */
    private FormIndex find(String path, int event) {
        TreeReference wanted = reference(path);
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        for (int now = controller.stepToNextEvent(); now != FormEntryController.EVENT_END_OF_FORM; now = controller.stepToNextEvent()) {
            if (now != event) continue;
            FormIndex index = controller.getModel().getFormIndex();
            // The instance that would be added is in the same place whatever its number.
            int counted = wanted.size() - (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT ? 1 : 0);
            if (same(wanted, form.getChildInstanceRef(index), counted)) return index;
        }
        throw new IllegalArgumentException("not reachable: " + path);
    }

    private static boolean same(TreeReference one, TreeReference other, int counted) {
        if (one.size() != other.size()) return false;
        for (int level = 0; level < one.size(); level++) {
            if (!one.getName(level).equals(other.getName(level))) return false;
            if (level < counted && one.getMultiplicity(level) != Math.max(other.getMultiplicity(level), 0)) return false;
        }
        return true;
    }

    /** `/data/r[2]/x`; a step without a position is the first. */
    private static TreeReference reference(String path) {
        TreeReference ref = TreeReference.rootRef();
        for (String step : path.substring(1).split("/")) {
            String[] parts = step.split("[\\[\\]]");
            // It knows nodes by their local names.
            ref.add(parts[0].substring(parts[0].indexOf(':') + 1), parts.length > 1 ? Integer.parseInt(parts[1]) - 1 : 0);
        }
        return ref;
    }

    /** The same the other way round, with positions only where they are not the first. */
    private static String path(TreeReference ref) {
        StringBuilder out = new StringBuilder();
        for (int level = 0; level < ref.size(); level++) {
            out.append('/').append(ref.getName(level));
            if (ref.getMultiplicity(level) > 0) out.append('[').append(ref.getMultiplicity(level) + 1).append(']');
        }
        return out.toString();
    }

    private static String told(Throwable problem) {
        return problem.getClass().getSimpleName() + ": " + problem.getMessage();
    }

    /** A device that knows a place only when the script delivers it. */
    private static class AskForPlace extends SetGeopointActionHandler {
        @Override
        public SetGeopointAction getSetGeopointAction() {
            return new SetGeopointAction(null) {
                @Override
                public void requestLocationUpdates() {
                    PLACES.put(path(getContextualizedTargetReference()), getContextualizedTargetReference());
                }
            };
        }
    }

    /** The properties of the script's device. */
    private static class Device implements IPropertyManager {
        private static final Map<String, String> VALUES = Map.of("deviceid", "test:device", "username", "user",
            "email", "user@example.org", "phonenumber", "+10000000");

        @Override
        public String getSingularProperty(String name) {
            return VALUES.get(name.toLowerCase(Locale.ENGLISH));
        }

        @Override
        public List<String> getProperty(String name) {
            String value = getSingularProperty(name);
            return value == null ? null : List.of(value);
        }

        @Override
        public void setProperty(String name, String value) {}

        @Override
        public void setProperty(String name, List<String> values) {}

        @Override
        public void addRules(IPropertyRules rules) {}

        @Override
        public List<IPropertyRules> getRules() {
            return List.of();
        }
    }

    /** `jr://file/x.xml` and the others: the file of that name beside the form. */
    private static class Beside extends PrefixedRootFactory {
        private final File folder;

        Beside(File folder) {
            super(new String[] {"file-csv/", "file/", "images/", "audio/", "video/"});
            this.folder = folder;
        }

        @Override
        protected Reference factory(String rest, String uri) {
            return new Stored(new File(folder, rest.substring(rest.lastIndexOf('/') + 1)), uri);
        }
    }

    private record Stored(File file, String uri) implements Reference {
        @Override
        public boolean doesBinaryExist() {
            return file.exists();
        }

        @Override
        public InputStream getStream() throws IOException {
            return new FileInputStream(file);
        }

        @Override
        public String getURI() {
            return uri;
        }

        @Override
        public String getLocalURI() {
            return file.getAbsolutePath();
        }

        @Override
        public boolean isReadOnly() {
            return true;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            throw new IOException("read only");
        }

        @Override
        public void remove() throws IOException {
            throw new IOException("read only");
        }

        @Override
        public Reference[] probeAlternativeReferences() {
            return new Reference[0];
        }
    }
}
