/** What a preflight says of each, in words, and what comes of registering many. */
import type { Schemas } from "../api/types.ts";
import { count, words } from "../format.ts";
import type { StatusMark } from "../ui/status.tsx";

export type Preflight = Schemas["Preflight"];
export type Subject = Schemas["PreflightSubject"];
export type Outcome = Subject["outcome"];
export type OutcomeCount = Preflight["totals"]["by_outcome"][number];

export const outcomeMarks: Readonly<Record<Outcome, StatusMark>> = {
  WILL: { word: "Would switch", icon: "done", tone: "good" },
  WOULD: { word: "Likely", icon: "halfDisc", tone: "shadow" },
  WILL_ONCE: { word: "Lacks something", icon: "clock", tone: "hold" },
  WONT: { word: "Would stay", icon: "equals", tone: "idle" },
  NOT_JUDGED: { word: "Not judged", icon: "octagon", tone: "bad" },
};

export const outcomeSentences: Readonly<Record<Outcome, string>> = {
  WILL: "A sweep would switch it.",
  WOULD: "By the lists of its region it would switch. It was not looked at by itself.",
  WILL_ONCE: "It would switch once what is missing is there.",
  WONT: "It stays as it is.",
  NOT_JUDGED: "What was read of it does not allow a judgement.",
};

/** What a shadow could find something for. */
const worthWatching: ReadonlySet<Outcome> = new Set(["WILL", "WOULD", "WILL_ONCE"]);

export const isWorthWatching = ({ outcome }: Pick<Subject, "outcome">): boolean =>
  worthWatching.has(outcome);

export const isOutcome = (text: string | null): text is Outcome =>
  text !== null && Object.hasOwn(outcomeMarks, text);

/** What is missing, or else why. */
export const whyOf = ({ missing, reason, sentence }: Subject): string =>
  missing.length === 0
    ? `${words(reason)}: ${sentence}`
    : `${missing.map(({ name }) => name).join(", ")}: ${sentence}`;

export interface Registered {
  readonly registered: number;
  readonly before: number;
  readonly refused: number;
  /** The first of those that were refused. */
  readonly example?: string;
  /** Of those that are targets now, by the subject's id. */
  readonly targets: ReadonlyMap<string, string>;
}

export const noneRegistered: Registered = {
  registered: 0,
  before: 0,
  refused: 0,
  targets: new Map(),
};

type Answer = Schemas["RegisteredMany"];

const targetsIn = ({ items }: Answer): readonly (readonly [string, string])[] =>
  items.flatMap(({ subject_id: subject, target_id: target }) =>
    subject === undefined || target === undefined ? [] : [[subject, target] as const],
  );

/** Of several answers one sum. */
export const withAnswer = (sum: Registered, answer: Answer): Registered => {
  const refused = answer.items.find(({ outcome }) => outcome === "REFUSED");
  const example = sum.example ?? refused?.detail;
  return {
    registered: sum.registered + answer.registered,
    before: sum.before + answer.already_registered,
    refused: sum.refused + answer.refused,
    ...(example !== undefined && { example }),
    targets: new Map([...sum.targets, ...targetsIn(answer)]),
  };
};

/** `12 registered in shadow mode, 1 was so before, 2 refused: …` */
export const registeredText = ({ registered, before, refused, example }: Registered): string => {
  const parts = [
    `${count(registered)} registered in shadow mode`,
    ...(before === 0 ? [] : [`${count(before)} registered before`]),
    ...(refused === 0 ? [] : [`${count(refused)} refused`]),
  ];
  return `${parts.join(", ")}${example === undefined ? "." : `: ${example}`}`;
};
