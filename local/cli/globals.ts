/** The options that every command takes. */
import { Option, type Command } from "commander";

export interface Globals {
  readonly json?: true;
  readonly fields?: readonly string[];
  readonly dryRun?: true;
  readonly yes?: true;
  readonly reason?: string;
  readonly url?: string;
  readonly profile?: string;
  readonly region?: string;
  /** False with --no-color. */
  readonly color: boolean;
  readonly local?: true;
  readonly as?: string;
}

const names = (text: string): readonly string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

export const addGlobals = (program: Command): Command =>
  program
    .option("--json", "print one JSON document with the API's own fields; errors go to stderr")
    .addOption(
      new Option("--fields <names>", "show these fields only, by their dotted names").argParser(
        names,
      ),
    )
    .option("--dry-run", "say what would be changed, and change nothing")
    .option("--yes", "answer every question with yes")
    .option("--reason <text>", "why, for the audit trail")
    .option("--url <url>", "of the API; else SPOT_URL, else the one that npm start runs")
    .option("--profile <name>", "of the AWS configuration, to sign with")
    .option("--region <name>", "of the API, where its address does not tell it")
    .option("--no-color", "no colour, and columns parted by tabs")
    .option("--local", "use the API that npm start runs, whatever SPOT_URL says")
    .option("--as <name>", "who you are, for the API that npm start runs; nobody checks it");
