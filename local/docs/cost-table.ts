/** The README's table of what an evaluation costs in our own account, as the bench measures it. */
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
import { markdownTable } from "./markdown-table.ts";

const money = (usd: number): string => `$${usd.toFixed(usd < 0.01 ? 4 : 2)}`;

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
    each: ({ transitions }) => String(transitions),
  },
  {
    heading: `Lambda requests, $${(prices.invocation * 1_000_000).toFixed(2)} per million`,
    item: "invocations",
    each: ({ invocations }) => String(invocations),
  },
  {
    heading: `Lambda time on Arm, $${prices.gbSecond.toFixed(10)} per GB-s`,
    item: "computing",
    each: (counted) => `${String(gbSeconds(counted))} GB-s`,
  },
  {
    heading: `DynamoDB read units, $${(prices.readUnit * 1_000_000).toFixed(3)} per million`,
    item: "readUnits",
    each: ({ readUnits }) => String(readUnits),
  },
  {
    heading: `DynamoDB write units, $${(prices.writeUnit * 1_000_000).toFixed(3)} per million`,
    item: "writeUnits",
    each: ({ writeUnits }) => String(writeUnits),
  },
  {
    heading: `API requests, $${(prices.apiRequest * 1_000_000).toFixed(2)} per million`,
    item: "apiRequests",
    each: () => String(apiRequests),
  },
];

/** A target that a sweep evaluates every six hours, a month of 730 hours. */
const evaluationsAMonth = 730 / 6;

const sentence = (stay: EvaluationFigures, switched: EvaluationFigures): string => {
  const cents = ((stay.usdPerThousand / 1_000) * evaluationsAMonth * 100).toFixed(1);
  return [
    `Of a switch's ${String(switched.transitions)} transitions ${String(switched.pollingTransitions)} are polling. A target that the sweep evaluates every six`,
    `hours (${evaluationsAMonth.toFixed(0)} times a month) comes to ${cents} cents a month.`,
  ].join("\n");
};

export const costTable = async (): Promise<string> => {
  const stay = await measureEvaluation("stay");
  const switched = await measureEvaluation("switch, stop and image");
  const measured = [stay, switched];
  const body = rows.map(({ heading, item, each }) => [
    heading,
    ...measured.flatMap((counted) => [each(counted), money(costPerThousand(counted)[item])]),
  ]);
  const together = measured.flatMap((counted) => [
    "",
    `**${money(totalOf(costPerThousand(counted)))}**`,
  ]);
  const table = markdownTable(
    [
      "Item, with its price",
      "STAY, each",
      "1,000 of them",
      "SWITCH (`stop-and-image`), each",
      "1,000 of these",
    ],
    [...body, ["**Together**", ...together]],
  );
  return `${table}\n\n${sentence(stay, switched)}`;
};
