/** A message as a person reads it: one sentence, the figures, where more of it stands, and the next step. */
import type { Message } from "../model/notice.ts";
import { membersOf } from "./members.ts";

/** SNS API reference, Publish: fewer than 100 characters of ASCII. */
const longestSubject = 99;

const subjects = {
  SWITCH_DONE: "switched",
  FALLBACK: "back on On-Demand",
  ROLLED_BACK: "rolled back",
  NEEDS_OPERATOR: "NEEDS AN OPERATOR",
  DEGRADED: "not possible now",
  APPROVAL_WANTED: "approval wanted",
  INTERRUPTION: "interrupted by EC2",
  WASTE_FOUND: "waste found",
  ENFORCEMENT: "enforcement",
  GLASS_BROKEN: "brought back without approvers",
  TEST: "test",
} as const satisfies Readonly<Record<Message["latest"]["kind"], string>>;

const timesLine = ({ times, firstAt }: Message): readonly string[] =>
  times === 1 ? [] : [`Told ${String(times)} times since ${firstAt}.`];

/** SNS takes 256 KB, and a person less: the rest stands where the link leads. */
const mostNamed = 50;

const membersLine = (message: Message): readonly string[] => {
  const members = membersOf(message);
  if (members.length < 2) return [];
  const more = members.length - mostNamed;
  const rest = more > 0 ? ` and ${String(more)} more` : "";
  return [
    `${String(members.length)} within a day, the last first: ${members.slice(0, mostNamed).join(", ")}${rest}.`,
  ];
};

const acknowledgeLine = ({ noticeId, latest }: Message): readonly string[] =>
  latest.kind === "NEEDS_OPERATOR"
    ? [
        `It is repeated each hour until somebody acknowledges it: POST /api/v1/notices/${noticeId}/acknowledge.`,
      ]
    : [];

/** `apiUrl`: of the control API, without a slash at its end. */
export const noticeText = (
  message: Message,
  apiUrl: string,
): { readonly subject: string; readonly message: string } => {
  const { kind, resource, sentence, figures, path, nextStep } = message.latest;
  const lines = [
    sentence,
    ...Object.entries(figures).map(([name, value]) => `${name}: ${String(value)}`),
    ...membersLine(message),
    ...timesLine(message),
    `See: ${apiUrl}${path}`,
    `Next: ${nextStep}`,
    ...acknowledgeLine(message),
  ];
  return {
    subject: `Spot Optimizer: ${resource} ${subjects[kind]}`.slice(0, longestSubject),
    message: lines.join("\n"),
  };
};
