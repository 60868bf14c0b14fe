/** Sessions with the real API on the simulated cloud, as they are seen at a terminal and through a pipe. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stableText } from "../../../../local/demo/report/stable-document.ts";
import { createLab } from "../../../../local/lab/lab.ts";
import { plain } from "../../../../local/lab/scenarios.ts";
import { spotOn } from "../spot-under-test.ts";

/** Columns of the terminal; undefined: a pipe. */
const widths = { wide: 120, usual: 80, narrow: 60, pipe: undefined } as const;
type Width = keyof typeof widths;

export const transcriptNames = Object.keys(widths) as readonly Width[];

/** What a person types who tries the product, in order. `$TARGET` and `$EVL` are the ids by then. */
const typed: readonly string[] = [
  "accounts list",
  "accounts show 444455556666",
  "targets list",
  "targets show $TARGET",
  "targets set $TARGET --set max_risk=0.1 --no-shadow --yes",
  "evaluate $TARGET --watch",
  "evaluations list",
  "show $EVL --watch",
  "show $EVL",
  "show $EVL --candidates",
  "replay $EVL",
  "replay $EVL --set max_risk=0",
  "preflight 444455556666",
  "show evl-00000000000000000000",
  "targets remove $TARGET",
];

/** Of these the first telling is the only one. */
const isOnce = (line: string): boolean => /^(?:targets set|evaluate) /.test(line);

const fileOf = (name: Width): string => join(import.meta.dirname, `${name}.txt`);

export const committedTranscript = (name: Width): string => readFileSync(fileOf(name), "utf8");

/** An id within a text that is cut: what is left of it differs from run to run. */
const cutIds = /\b(?:ami|cr|eni|evl|i|pfl|replacevol|sg|sir|snap|tgt|vol)-[0-9a-z]*…/g;

/** A line that is drawn anew shows as its last state alone. */
const drawn = (text: string): string => text.replaceAll(/[^\n]*\r\u001b\[K/g, "");

type Transcripts = Readonly<Record<Width, string>>;

/** All of one session: each command is typed at each width, but what changes something is at the usual one alone. */
export const transcripts = async (): Promise<Transcripts> => {
  const { platform, clock, targetId } = await createLab(plain);
  const spotAt = (columns: number | undefined) =>
    spotOn({
      fetch: platform.gateway,
      ...(columns !== undefined && { columns }),
      sleep: (ms) => clock.run({ atMostMs: clock.now() + ms }),
    });
  const evaluationId = async (): Promise<string> => {
    const { stdout } = await spotAt(undefined)("evaluations", "list", "--json");
    const { items } = JSON.parse(stdout) as {
      readonly items: readonly { evaluation_id: string }[];
    };
    return items[0]?.evaluation_id ?? "none";
  };
  const told: Record<Width, string[]> = { wide: [], usual: [], narrow: [], pipe: [] };
  for (const line of typed) {
    const args = line
      .replace("$TARGET", targetId)
      .replace("$EVL", await evaluationId())
      .split(" ");
    for (const name of isOnce(line) ? (["usual"] as const) : transcriptNames) {
      const { code, stdout, stderr } = await spotAt(widths[name])(...args);
      const said = stderr === "" ? "" : `(stderr)\n${stderr}`;
      told[name].push(`$ spot ${line}\n${drawn(stdout)}${said}(exit ${String(code)})\n`);
    }
  }
  const textOf = (name: Width): string =>
    stableText(told[name].join("\n").replaceAll(cutIds, "<cut>…"));
  return {
    wide: textOf("wide"),
    usual: textOf("usual"),
    narrow: textOf("narrow"),
    pipe: textOf("pipe"),
  };
};

export const writeTranscripts = async (): Promise<void> => {
  const made = await transcripts();
  for (const name of transcriptNames) writeFileSync(fileOf(name), made[name]);
};
