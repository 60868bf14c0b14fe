/** A line of the operator's log: what happened, to whom, when by simulated time. */
import { usd } from "../terminal/figures.ts";
import type { Paint, Tone } from "../terminal/paint.ts";

type Topic =
  | "decision"
  | "phase"
  | "outcome"
  | "interruption"
  | "notice"
  | "kill-switch"
  | "sweep"
  | "trouble";

export interface Named {
  /** Its tag `Name`, or its group's name; where it has none, its id. */
  readonly name: string;
  readonly id: string;
}

export interface Line {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly topic: Topic;
  /** Absent for what concerns no single one. */
  readonly subject?: Named | undefined;
  readonly evaluationId?: string | undefined;
  /** In a word or two: a verdict, a state of the workflow, a standing. */
  readonly word: string;
  readonly tone?: Tone | undefined;
  /** A code that stays the same. */
  readonly reason?: string | undefined;
  readonly sentence: string;
  /** Estimated, for 730 hours. */
  readonly monthlyUsd?: number | undefined;
}

/** Something has happened that somebody may have to do something about. */
export const asksForALook = ({ tone }: Line): boolean => tone === "bad" || tone === "warning";

const timeText = (atMs: number): string =>
  new Date(atMs).toISOString().slice(0, 19).replace("T", " ");

/** As much of an id as tells it from others on a screen: `i-c5499aa0`. */
const shortId = (id: string): string => (/^i-[0-9a-f]{17}$/.test(id) ? id.slice(0, 10) : id);

const subjectText = ({ name, id }: Named): string =>
  name === id ? shortId(id) : `${name} ${shortId(id)}`;

const [subjectWidth, wordWidth] = [20, 25] as const;

/** Most verdicts say it themselves. */
const savingText = ({ monthlyUsd, sentence }: Line): string =>
  monthlyUsd === undefined || sentence.includes(usd(monthlyUsd))
    ? ""
    : ` (${usd(monthlyUsd)} a month, est.)`;

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** `2026-03-02 09:04:22  web i-c5499aa0        Freeze original            …` */
export const lineText = (line: Line, paint: Paint): string => {
  const { atMs, subject, word, tone, reason, sentence, topic } = line;
  const subjectPart = (subject === undefined ? "" : subjectText(subject)).padEnd(subjectWidth);
  const wordPart = word.padEnd(wordWidth);
  const reasonPart = topic === "decision" && reason !== undefined ? `${reason}: ` : "";
  return [
    paint("faint", timeText(atMs)),
    topic === "phase" ? subjectPart : paint("strong", subjectPart),
    tone === undefined ? wordPart : paint(tone, wordPart),
    `${reasonPart}${oneLine(sentence)}${savingText(line)}`,
  ].join("  ");
};

/** A line of NDJSON, by names that stay the same. */
export const lineJson = (line: Line): string => {
  const { atMs, topic, subject, evaluationId, word, reason, sentence, monthlyUsd } = line;
  return JSON.stringify({
    at: new Date(atMs).toISOString(),
    type: topic,
    subject_id: subject?.id,
    subject_name: subject?.name,
    evaluation_id: evaluationId,
    word,
    reason,
    sentence,
    monthly_savings_usd: monthlyUsd,
  });
};
