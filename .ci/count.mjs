// Prints `N passed, N failed` of all the test reports in a folder.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
const sum = (field) => reports.reduce((all, report) => all + report[field], 0);
// A suite that could not be loaded has no failed test, and is a failure all the same.
const broken = reports.filter(({ success, numFailedTests }) => !success && numFailedTests === 0).length;
const skipped = sum("numPendingTests");
process.stdout.write(
  `${sum("numPassedTests")} passed, ${sum("numFailedTests") + broken} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
);
