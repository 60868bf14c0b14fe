/** Verdicts on many types as one table. */
import type { Market } from "../../cloud/market/market.ts";
import type { StoryEnding, Expectation, StoryReport } from "../story.ts";
import { hourlyUsd, savingPercent, usd } from "../../terminal/figures.ts";
import type { Paint } from "../../terminal/paint.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import { hanging, labelled } from "../../terminal/wrap.ts";

const indent = "  ";

const product = "Linux/UNIX";

/** From the files: a refusal comes before any price is looked at. */
const onDemandPrice = (market: Market, { before }: StoryEnding): number | undefined =>
  market.onDemand(before.region, before.instanceType, product);

/** Of the cheapest zone at the time of the evaluation. */
const ownSpotPrice = (market: Market, { before, evaluation }: StoryEnding): number | undefined => {
  const { region, instanceType } = before;
  const atMs = Date.parse(evaluation.verdict?.judged_at ?? evaluation.started_at);
  const prices = market
    .zones(region)
    .flatMap((zoneId) => market.spotPrice({ region, zoneId, instanceType, product }, atMs) ?? []);
  return prices.length === 0 ? undefined : Math.min(...prices);
};

type Candidate = StoryEnding["evaluation"]["candidates"][number];

/** The cheapest pool of the original's own type. */
const ownPool = ({ ending }: StoryReport): Candidate | undefined =>
  ending?.evaluation.candidates
    .filter(({ pool }) => pool.instance_type === ending.before.instanceType)
    .filter((candidate) => candidate.spot_hourly_usd !== undefined)
    .sort((one, other) => (one.spot_hourly_usd ?? 0) - (other.spot_hourly_usd ?? 0))[0];

const offerOrReason = (report: StoryReport): string => {
  const verdict = report.ending?.evaluation.verdict;
  if (verdict === undefined) return report.error ?? "";
  const [offer] = verdict.offers;
  if (offer !== undefined) return `${offer.instance_type} in ${offer.zone_id}`;
  // Why a pool of the same type was rejected says more than that there is no candidate.
  return ownPool(report)?.rejection?.code ?? verdict.reason;
};

/** What is said of one report: its verdict's sentence and, if it has none of its own, that of its own pool. */
const sentenceOf = (report: StoryReport): string => {
  const own = ownPool(report);
  const verdict = report.ending?.evaluation.verdict?.sentence ?? report.error ?? "";
  if (own?.rejection === undefined) return verdict;
  const { pool, rejection } = own;
  return `${verdict} ${pool.instance_type} in ${pool.zone_id} ${rejection.sentence}.`;
};

const kindOfVerdict = (report: StoryReport): string => {
  const verdict = report.ending?.evaluation.verdict;
  if (verdict === undefined) return "FAILED";
  const rejection = verdict.kind === "STAY" ? ownPool(report)?.rejection?.code : undefined;
  return [verdict.kind, verdict.reason, rejection].join();
};

/** One example of each verdict and reason. */
const exampleLines = (reports: readonly StoryReport[], paint: Paint): readonly string[] => {
  const examples = new Map<string, StoryReport>();
  for (const report of reports) {
    const kind = kindOfVerdict(report);
    if (!examples.has(kind)) examples.set(kind, report);
  }
  return [...examples.values()].flatMap((report) => {
    const kind = report.ending?.evaluation.verdict?.kind ?? "FAILED";
    const type = report.ending?.before.instanceType ?? report.name;
    return labelled(`${indent}${kind.padEnd(8)}`, `${type}: ${sentenceOf(report)}`, (label) =>
      paint("strong", label),
    );
  });
};

const failed = (reports: readonly StoryReport[]): readonly string[] =>
  reports.flatMap((report) =>
    [
      ...report.expectations.filter(({ held }) => !held),
      ...(report.error === undefined ? [] : [{ rule: "it ends", found: report.error }]),
    ].flatMap(({ rule, found }: Pick<Expectation, "rule" | "found">) =>
      hanging(`${indent}FAILED  `, `${report.name}: ${rule} (${found})`),
    ),
  );

export const judgementLines = (
  reports: readonly StoryReport[],
  { paint, market }: { readonly paint: Paint; readonly market: Market },
): readonly string[] => {
  const verdictOf = (report: StoryReport) => report.ending?.evaluation.verdict;
  const [heading = "", ...rows] = table(
    reports,
    [
      { heading: "Type", cell: (report) => report.ending?.before.instanceType ?? report.name },
      figureColumn("On-Dem./h", ({ ending }) => hourlyUsd(ending && onDemandPrice(market, ending))),
      figureColumn("Own Spot/h", ({ ending }) => hourlyUsd(ending && ownSpotPrice(market, ending))),
      figureColumn("Band", (report) => ownPool(report)?.band_label ?? ""),
      { heading: "Verdict", cell: (report) => verdictOf(report)?.kind ?? "FAILED" },
      figureColumn("Saves", (report) => savingPercent(verdictOf(report)?.savings?.percent)),
      figureColumn("USD/mo.", (report) => usd(verdictOf(report)?.savings?.monthly_usd)),
      { heading: "Best offer, or why not", cell: offerOrReason },
    ],
    indent,
  );
  const expectations = reports.flatMap((report) => report.expectations);
  const held = expectations.filter((expectation) => expectation.held).length;
  return [
    paint("strong", heading),
    ...rows,
    "",
    `${indent}One of each kind in words:`,
    ...exampleLines(reports, paint),
    "",
    ...hanging(
      indent,
      `Checked, on what the simulated cloud itself shows: ${String(held)} of ${String(expectations.length)} held ` +
        "(prices as recorded, no mutating call, original and address untouched, nothing left behind, replay identical).",
    ),
    ...failed(reports).map((line) => paint("bad", line)),
  ];
};
