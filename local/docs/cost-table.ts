/** The tables of what an evaluation costs in our own account, as the bench measures it: of one instance, and of a group. */
import {
  apiRequests,
  costPerThousand,
  memoryGb,
  prices,
  secondsPerInvocation,
  totalOf,
  type Counted,
} from "../bench/cost.ts";
import { measureEvaluation, type EvaluationFigures } from "../bench/evaluations.ts";
import { conversionOf, measureGroup, shadow } from "../bench/groups.ts";
import { markdownTable } from "./markdown-table.ts";

const money = (usd: number): string => `$${usd.toFixed(usd < 0.01 ? 4 : 2)}`;

/** Of many together, each has a part of one. */
const figure = (count: number): string => String(Math.round(count * 10) / 10);

const gbSeconds = ({ invocations }: Counted): number =>
  invocations * secondsPerInvocation * memoryGb;

interface Row {
  readonly heading: string;
  readonly item: keyof ReturnType<typeof costPerThousand>;
  readonly each: (counted: Counted) => string;
}

const rows: readonly Row[] = [
  {
    heading: `State transitions, $${(prices.transition * 1_000).toFixed(3)} per 1,000`,
    item: "transitions",
    each: ({ transitions }) => figure(transitions),
  },
  {
    heading: `Lambda requests, $${(prices.invocation * 1_000_000).toFixed(2)} per million`,
    item: "invocations",
    each: ({ invocations }) => figure(invocations),
  },
  {
    heading: `Lambda time on Arm, $${prices.gbSecond.toFixed(10)} per GB-s`,
    item: "computing",
    each: (counted) => `${figure(gbSeconds(counted))} GB-s`,
  },
  {
    heading: `DynamoDB read units, $${(prices.readUnit * 1_000_000).toFixed(3)} per million`,
    item: "readUnits",
    each: ({ readUnits }) => figure(readUnits),
  },
  {
    heading: `DynamoDB write units, $${(prices.writeUnit * 1_000_000).toFixed(3)} per million`,
    item: "writeUnits",
    each: ({ writeUnits }) => figure(writeUnits),
  },
  {
    heading: `API requests, $${(prices.apiRequest * 1_000_000).toFixed(2)} per million`,
    item: "apiRequests",
    each: ({ evaluations = 1 }) => figure(evaluations * apiRequests),
  },
];

const sentence = (switched: EvaluationFigures): string =>
  [
    `Of a switch's ${String(switched.transitions)} transitions ${String(switched.pollingTransitions)} are polling. A sweep judges all targets of an account`,
    "and region from one reading, without an evaluation: `npm run bench -- fleet` says what that comes to.",
  ].join("\n");

/** @param columns heading of one, heading of a thousand, and what one came to */
const tableOf = (columns: readonly (readonly [string, string, Counted])[]): string => {
  const measured = columns.map(([, , counted]) => counted);
  const body = rows.map(({ heading, item, each }) => [
    heading,
    ...measured.flatMap((counted) => [each(counted), money(costPerThousand(counted)[item])]),
  ]);
  const together = measured.flatMap((counted) => [
    "",
    `**${money(totalOf(costPerThousand(counted)))}**`,
  ]);
  return markdownTable(
    ["Item, with its price", ...columns.flatMap(([one, thousand]) => [one, thousand])],
    [...body, ["**Together**", ...together]],
  );
};

const groupSize = 10;

/** What each instance that is replaced has of an evaluation of its group. */
const groupTable = async (): Promise<string> => {
  const judged = await measureGroup(shadow);
  const { replaced, ...converted } = await measureGroup(conversionOf(groupSize, groupSize));
  const each = {
    transitions: converted.transitions / replaced,
    invocations: converted.invocations / replaced,
    readUnits: converted.readUnits / replaced,
    writeUnits: converted.writeUnits / replaced,
    evaluations: converted.evaluations / replaced,
  };
  return tableOf([
    ["group judged (shadow), each", "1,000 of them", judged],
    ["instance replaced, each", "1,000 of these", each],
  ]);
};

export const costTable = async (): Promise<string> => {
  const stay = await measureEvaluation("stay");
  const switched = await measureEvaluation("switch, stop and image");
  return [
    tableOf([
      ["STAY, each", "1,000 of them", stay],
      ["SWITCH (`stop-and-image`), each", "1,000 of these", switched],
    ]),
    sentence(switched),
    `A group of ${String(groupSize)} (CLUSTER), all of them replaced at once:`,
    await groupTable(),
  ].join("\n\n");
};
