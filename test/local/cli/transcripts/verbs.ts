/** What a person types who decides, and how it looks: on answers that a simulated account does not come to by itself. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cannedAnswer, ids } from "../canned.ts";
import { answering, spotOn } from "../spot-under-test.ts";

const reason = ["--reason", "Incident 4711"];
const until = ["--until", "2026-03-09T09:00Z"];

export interface Verb {
  readonly args: readonly string[];
  /** Requests that change something; none: it only reads. */
  readonly changes?: readonly string[];
  readonly code?: number;
}

export const verbs: Readonly<Record<string, Verb>> = {
  "risk list": {
    args: ["risk", "list"],
  },
  "risk quarantine": {
    args: ["risk", "quarantine", ids.pool, ...until, ...reason],
    changes: [`POST /risk/pools/${ids.pool}/quarantine`],
  },
  "risk lift": {
    args: ["risk", "lift", ids.pool, ...reason],
    changes: [`DELETE /risk/pools/${ids.pool}/quarantine`],
  },
  "waste list": { args: ["waste", "list"] },
  "waste approve": {
    args: ["waste", "approve", ids.finding],
    changes: [`POST /waste/${ids.finding}/approve`],
    code: 13,
  },
  "waste dismiss": {
    args: ["waste", "dismiss", ids.finding, ...until, ...reason],
    changes: [`POST /waste/${ids.finding}/dismiss`],
  },
  "approvals list": { args: ["approvals", "list"] },
  "approvals approve": {
    args: ["approvals", "approve", ids.approval, "--hash", "9f2c0123456789abcdef"],
    changes: [`POST /approvals/${ids.approval}/approve`],
  },
  "approvals reject": {
    args: ["approvals", "reject", ids.approval, ...reason],
    changes: [`POST /approvals/${ids.approval}/reject`],
  },
  "governance list": { args: ["governance", "list"] },
  "governance exempt": {
    args: ["governance", "exempt", ids.unowned, ...until, ...reason],
    changes: [`POST /governance/${ids.unowned}/exempt`],
  },
  savings: { args: ["savings", "--shadow"] },
  "savings of hours": {
    args: ["savings", "--account", "444455556666", "--hours", "2026-03-01"],
  },
  "models list": { args: ["models", "list"] },
  "models assign": {
    args: ["models", "assign", ids.target, "logistic-7"],
    changes: [`PUT /lab/instances/${ids.target}/model`],
  },
  "models graduate": {
    args: ["models", "graduate", "logistic-7", "--force", ...reason],
    changes: ["POST /models/logistic-7/graduate"],
  },
  "models reject": {
    args: ["models", "reject", "logistic-7", ...reason],
    changes: ["POST /models/logistic-7/reject"],
  },
  "notices list": { args: ["notices", "list"] },
  "notices acknowledge": {
    args: ["notices", "acknowledge", ids.notice],
    changes: [`POST /notices/${ids.notice}/acknowledge`],
  },
  "notices test": {
    args: ["notices", "test", "444455556666"],
    changes: ["POST /accounts/444455556666/notices/test"],
  },
  "evaluations resume": {
    args: ["evaluations", "resume", ids.evaluation, ...reason],
    changes: [`POST /evaluations/${ids.evaluation}/resume`],
  },
  "evaluations roll-back": {
    args: ["evaluations", "roll-back", ids.evaluation, ...reason],
    changes: [`POST /evaluations/${ids.evaluation}/roll-back`],
  },
  "evaluations adopt": {
    args: ["evaluations", "adopt", ids.evaluation, "--serving", "i-0a1b2c3d4e5f60718", ...reason],
    changes: [`POST /evaluations/${ids.evaluation}/adopt`],
  },
};

const file = join(import.meta.dirname, "verbs.txt");

export const committedVerbs = (): string => readFileSync(file, "utf8");

/** What is one thing looks the same at a terminal. */
const widthsOf = ({ changes }: Verb): readonly (number | undefined)[] =>
  changes === undefined ? [undefined, 100] : [100];

/** Through a pipe, and at a terminal of 100 columns; where a person is asked he says yes. */
const told = async ({ args, changes }: Verb, columns: number | undefined): Promise<string> => {
  const asked: string[] = [];
  const spot = spotOn({
    fetch: answering(cannedAnswer).fetch,
    ...(columns !== undefined && { columns }),
    ask: (question) => {
      asked.push(question);
      return Promise.resolve("y");
    },
  });
  const { code, stdout, stderr } = await spot(...args);
  const parts = [
    `$ spot ${args.map((arg) => (arg.includes(" ") ? JSON.stringify(arg) : arg)).join(" ")}${columns === undefined ? " | cat" : ""}`,
    ...(stderr === "" ? [] : ["(stderr)", stderr.trimEnd()]),
    ...(changes === undefined ? [] : asked.map((question) => `(asked) ${question}`)),
    ...(stdout === "" ? [] : ["(stdout)", stdout.trimEnd()]),
    `(exit ${String(code)})`,
  ];
  return parts.join("\n");
};

export const verbTranscript = async (): Promise<string> => {
  const parts: string[] = [];
  for (const verb of Object.values(verbs)) {
    for (const columns of widthsOf(verb)) parts.push(await told(verb, columns));
  }
  return `${parts.join("\n\n")}\n`;
};

export const writeVerbs = async (): Promise<void> => {
  writeFileSync(file, await verbTranscript());
};
