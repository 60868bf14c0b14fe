/** `npm run restore` as a function: arguments in, lines out, exit code. */
import * as z from "zod";
import { SpotOptimizerError } from "../../core/errors.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag } from "../terminal/option-values.ts";
import { table, type Column } from "../terminal/table.ts";
import { fail, type ExitCode, type Terminal } from "../terminal/terminal.ts";
import type { Compared, RestoreTools } from "./restore-table.ts";
import type { ComparedSetting } from "./wanted-settings.ts";

const usage = `Usage: npm run restore -- --table NAME [options]

Gives a state table that DynamoDB has restored what a restore does not bring along: time to live, point-in-time
recovery, deletion protection, tags, a stream. Without --apply it changes nothing, and shows what is missing.
With --apply the restore is declared in the table first, before any function reads it: the global kill switch is thrown,
and can't be lifted before all settings were read back and PUT /restore/reconciled was answered.

  --table NAME   the restored table (needed)
  --from NAME    the table before, whose tags and stream it gets (default: the one that AWS names as its source)
  --alone        the table before is gone: leave tags and stream as they are
  --region NAME  of the table (default: that of the AWS CLI's profile)
  --apply        set what is missing, and read it back
  --reason TEXT  why, for those who read the audit trail (needed by --apply)
  --help         print this

What comes next stands in docs/operations.md, A table that is restored.

Example: npm run restore -- --table spot-optimizer-prod-2 --apply --reason INC-4711

Exit code: 0 the table has all its settings, 1 it lacks some, or AWS refused, 2 wrong usage.
`;

const tableName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{3,255}$/, "must be the name of a table, such as spot-optimizer-prod-2");

const commandLine = defineCommandLine({
  command: "npm run restore --",
  usage,
  schema: z
    .object({
      table: tableName,
      from: tableName.optional(),
      alone: flag,
      region: z
        .string()
        .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region, such as eu-central-1")
        .optional(),
      apply: flag,
      reason: z
        .string()
        .trim()
        .min(3, "must say why")
        .max(500, "must be 500 characters at most")
        .optional(),
    })
    .refine(({ from, alone }) => from === undefined || !alone, {
      error: "--from and --alone contradict each other: is the table before there, or gone?",
    }),
  needs: { apply: "reason", reason: "apply" },
});

const orNone = (text: string): string => (text === "" ? "none" : text);

const columns: readonly Column<ComparedSetting>[] = [
  { heading: "Setting", cell: ({ name }) => name },
  { heading: "Must be", cell: ({ wanted }) => orNone(wanted) },
  { heading: "Is", cell: ({ found }) => orNone(found) },
  { heading: "", cell: ({ isRight: right }) => (right ? "" : "differs") },
];

const linesOf = ({ tableName: name, before, settings }: Compared): readonly string[] => [
  before === undefined
    ? `Table ${name}. The table before was not read: its tags, its stream and alarms on it are for you to see to.`
    : `Table ${name}, compared with the code and with table ${before}.`,
  "",
  ...table(settings, columns),
  "",
];

const next = (name: string, { isRight, apply }: { isRight: boolean; apply: boolean }): string => {
  if (!isRight) {
    return apply
      ? "Not all could be read back. Run this again; the kill switch stays on until then."
      : `Nothing was changed. Next: npm run restore -- --table ${name} --reason WHY --apply`;
  }
  return apply
    ? `All settings were read back, and the kill switch is on in ${name}. Next: STATE_TABLE=${name} npm run deploy`
    : "It has all its settings. Nothing was changed.";
};

/** @param toolsIn makes the clients, for a region or for that of the profile */
export const restoreCommand =
  (toolsIn: (region: string | undefined) => RestoreTools | Promise<RestoreTools>) =>
  (args: readonly string[], terminal: Terminal): ExitCode | Promise<ExitCode> =>
    runCommand(commandLine, { args, terminal }, async (options): Promise<ExitCode> => {
      const wish = { tableName: options.table, before: options.from, isAlone: options.alone };
      // Loaded only where a table is looked at: who asks for help, or mistypes, is answered at once.
      const { compareTable, isRight, restoreTable } = await import("./restore-table.ts");
      const tools = await toolsIn(options.region);
      try {
        const compared =
          options.reason === undefined
            ? await compareTable(tools, wish)
            : await restoreTable(tools, wish, options.reason);
        const isDone = isRight(compared);
        const then = next(compared.tableName, { isRight: isDone, apply: options.apply });
        terminal.stdout(`${[...linesOf(compared), then].join("\n")}\n`);
        return isDone ? 0 : 1;
      } catch (error) {
        if (!(error instanceof SpotOptimizerError)) throw error;
        return fail(terminal, error);
      }
    });
