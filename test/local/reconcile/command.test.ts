import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { reconcileCommand } from "../../../local/reconcile/command.ts";
import { temporaryFiles } from "../backtest/temporary-files.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

const { folder, write } = temporaryFiles();
const samples = new URL("samples/", import.meta.url).pathname;
const dayOf = (day: string): string =>
  gunzipSync(readFileSync(`${samples}ledger-${day}.json.gz`)).toString();
for (const day of ["2026-11-02", "2026-11-03"]) {
  write(`${day}.json`, dayOf(day));
  write(`dear-${day}.json`, dayOf(day).replaceAll('"0.096000000"', '"0.097000000"'));
}
const ledger = "--ledger 2026-11-02.json 2026-11-03.json";
const dear = "--ledger dear-2026-11-02.json dear-2026-11-03.json";
write("other.json", "{}");

const run = async (args: string) => {
  const { terminal, said } = recordingTerminal({ folder });
  const code = await reconcileCommand(args.split(" "), terminal);
  return { code, ...said };
};

describe("npm run reconcile", () => {
  it("prints months by kind, what is not tested, and that they agree", async () => {
    const { code, stdout, stderr } = await run(`--cur ${samples}cur-2.parquet ${ledger}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/2026-11 {2}SPOT +48 +1\.\d{9} +1\.\d{9} +0\.000 % +1 % {2}within/);
    expect(stdout).toContain(
      "From 2026-11-02T00:00:00Z to 2026-11-04T00:00:00Z, provisional: AWS may still change it.",
    );
    expect(stdout).toContain("SavingsPlanRecurringFee");
    expect(stdout).toContain("Ledger and bill agree.");
  });

  it("ends with 1 where they do not, as lines and as JSON", async () => {
    const given = `--cur ${samples}cur-2.csv.gz ${dear}`;
    const lines = await run(given);
    expect(lines.code).toBe(1);
    expect(lines.stdout).toContain("TOO MUCH");
    const { code, stdout } = await run(`${given} --json`);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      agrees: false,
      status: "provisional",
      joined_by: "resource",
      months: expect.arrayContaining([
        expect.objectContaining({
          kind: "ON_DEMAND",
          ledger_usd: "4.432800000",
          bill_usd: "4.392800000",
          tolerance_percent: 0.1,
          is_within: false,
        }),
      ]),
    });
  });

  it("begins a refusal with its name, and ends with 1", async () => {
    const given = `--cur ${samples}cur-2.csv.gz ${samples}cur-2.csv.gz ${ledger}`;
    const { code, stdout, stderr } = await run(given);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^OVERLAPPING_FILES: .* are the same file\.\n$/);
  });

  it("refuses what is not an export of the ledger's hours", async () => {
    const { code, stderr } = await run(`--cur ${samples}cur-2.csv.gz --ledger other.json`);
    expect(code).toBe(1);
    expect(stderr).toContain("UNREADABLE: other.json is not an export of the ledger's hours");
  });

  it.each([
    [ledger, "Nothing to compare with"],
    [`--cur ${samples}cur-2.csv.gz`, "Nothing to compare: name the ledger's hours"],
  ])("ends with 2 where a side is not named: %s", async (args, sentence) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
