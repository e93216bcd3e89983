// Runs many form scripts on JavaRosa in one process: each line of the input names a form and a script,
// separated by a tab, and gives one line of JSON.
import java.io.BufferedReader;
import java.io.InputStreamReader;

public class Batch {
    public static void main(String[] args) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JavaRosaPeer.main(line.split("\t"));
            System.out.flush();
        }
    }
}
