/** What became of the interruptions as tables, with what was aimed at, and the command that repeats each case that broke a promise. */
import { boots } from "../../cloud/ec2/settings.ts";
import { percent, seconds } from "../../terminal/figures.ts";
import { figureColumn, table, type Column } from "../../terminal/table.ts";
import { verdict, whole } from "../verdict.ts";
import { shareAim, untilFirstCallSeconds } from "./aims.ts";
import { noticeSeconds } from "./interruption-case.ts";
import type {
  InterruptionFigures,
  MeasuredInterruptions,
  PodFigures,
} from "./interruption-figures.ts";
import type { BootName, Load } from "./names.ts";
import { meetsStormAims, stormShare, type StormInterrupted } from "./storm.ts";
import { keepsGroups, type GroupsInterrupted } from "./storm-of-groups.ts";

const names = {
  stateless: "LINEAR, without data",
  data: "LINEAR, with data",
  cluster: "CLUSTER",
  kubernetes: "KUBERNETES",
} as const satisfies Readonly<Record<Load, string>>;

const bootOf = (name: BootName): string => {
  const { p50Ms, p95Ms } = boots[name];
  return `${String(p50Ms / 1000)}/${String(p95Ms / 1000)} s`;
};

/** Infinity: so many never came to it. */
const after = (value: number): string => (Number.isFinite(value) ? seconds(value) : "never");

const naming: readonly Column<InterruptionFigures>[] = [
  { heading: "interrupted", cell: ({ load }) => names[load] },
  { heading: "boot p50/p95", cell: ({ boot }) => bootOf(boot) },
];

const servedColumns: readonly Column<InterruptionFigures>[] = [
  ...naming,
  figureColumn("cases", ({ cases }) => whole(cases)),
  figureColumn("serves after p50", ({ served }) => after(served.p50)),
  figureColumn("p95", ({ served }) => after(served.p95)),
  figureColumn("p99", ({ served }) => after(served.p99)),
  figureColumn("before the end", ({ beforeEnd }) => (beforeEnd ? percent(beforeEnd.share) : "-")),
  figureColumn("boot fits", ({ beforeEnd }) => (beforeEnd ? percent(beforeEnd.fits) : "-")),
  figureColumn("aim", ({ beforeEnd }) => (beforeEnd ? `≥ ${percent(beforeEnd.aim)}` : "-")),
  figureColumn("", ({ beforeEnd }) => verdict(beforeEnd?.isMet)),
  figureColumn("duplicates", ({ duplicates }) => whole(duplicates)),
  figureColumn("promises broken", ({ broken }) => whole(broken.length)),
  figureColumn("processor", ({ cpuSeconds }) => seconds(cpuSeconds)),
];

const downColumns: readonly Column<InterruptionFigures>[] = [
  ...naming,
  figureColumn("down p50", ({ down }) => after(down?.p50 ?? NaN)),
  figureColumn("p95", ({ down }) => after(down?.p95 ?? NaN)),
  figureColumn("p99", ({ down }) => after(down?.p99 ?? NaN)),
  figureColumn("p95 where served before the end", ({ downThoughServed }) =>
    downThoughServed === undefined ? "-" : seconds(downThoughServed.p95),
  ),
  figureColumn("aim: 0 s", ({ downThoughServed }) =>
    verdict(downThoughServed && downThoughServed.p95 === 0),
  ),
  figureColumn("at most", ({ downThoughServed }) =>
    downThoughServed === undefined ? "-" : seconds(downThoughServed.most),
  ),
  figureColumn("writes lost", ({ writesLost }) => whole(writesLost)),
];

const stepNames: Readonly<Record<string, string>> = {
  host: "a host is healthy after the notice",
  ended: "EC2 ends the old one after the announced end",
  volumes: "data volumes are at the host",
  root: "the root volume is",
  boot: "it has booted from it and passes all checks",
  identity: "the address is there",
};

const stepLines = ({ steps = {} }: InterruptionFigures): readonly string[] => [
  "",
  "What the downtime of a load with data is made of, medians:",
  ...Object.entries(steps).map(
    ([name, value]) => `  ${seconds(value).padStart(6)}  ${stepNames[name] ?? name}`,
  ),
];

const evictedOf = ({ all, evicted }: PodFigures): string =>
  all === 0 ? "none" : `${whole(evicted)} of ${whole(all)} (${percent(evicted / all)})`;

const podLines = (figures: readonly InterruptionFigures[]): readonly string[] =>
  figures.flatMap(({ boot, pods }) =>
    pods === undefined
      ? []
      : [
          `Pods of nodes that EC2 took (boot ${bootOf(boot)}), left by an eviction and not by the end of their node: ${evictedOf(pods.withRoom)} where the other node has room for all; ${evictedOf(pods.without)} where it has none, and a budget lets the next one go once the new node is there`,
        ],
  );

/** Of so many that are alike the first ones tell enough. */
const mostBroken = 10;

const brokenLines = ({ load, boot, broken }: InterruptionFigures): readonly string[] =>
  broken
    .slice(0, mostBroken)
    .flatMap(({ seed, complaints }) => [
      "",
      ...complaints.slice(0, mostBroken),
      `  npm run bench -- interruptions --only ${load} --boot ${boot} --cases 1 --seed ${String(seed)}`,
    ]);

const stormLines = (storms: readonly StormInterrupted[]): readonly string[] => [
  "",
  `${whole(storms[0]?.targets ?? 0)} single instances without data of one account and region at once, and no room in their pools (boot ${bootOf("usual")}); on a bad day the buses are throttled, what they deliver comes twice, answers are lost, and functions die:`,
  "",
  ...table(storms, [
    { heading: "day", cell: ({ isBadDay }) => (isBadDay ? "bad" : "usual") },
    figureColumn("serves after p50", ({ served }) => after(served.p50)),
    figureColumn("p95", ({ served }) => after(served.p95)),
    figureColumn("p99", ({ served }) => after(served.p99)),
    figureColumn("before the end", ({ beforeEnd }) => percent(beforeEnd.share)),
    figureColumn("boot fits", ({ beforeEnd }) => percent(beforeEnd.fits)),
    figureColumn("aim", ({ isBadDay }) => (isBadDay ? "" : `≥ ${percent(stormShare)}`)),
    figureColumn("", (storm) => verdict(meetsStormAims(storm))),
    figureColumn("events lost", ({ eventsLost }) => whole(eventsLost)),
    figureColumn("duplicates", ({ duplicates }) => whole(duplicates)),
    figureColumn("unserved", ({ unserved }) => whole(unserved)),
    figureColumn("reading calls", ({ readings }) => whole(readings)),
    figureColumn("throttled calls", ({ throttled }) => whole(throttled)),
    figureColumn("killed functions", ({ deaths }) => whole(deaths)),
    figureColumn("processor", ({ cpuSeconds }) => seconds(cpuSeconds)),
  ]),
];

const groupStormLines = (storms: readonly GroupsInterrupted[]): readonly string[] => [
  "",
  `A third of all pools within three minutes, under ${whole(storms[0]?.groups ?? 0)} groups with ${whole(storms[0]?.members ?? 0)} members on Spot behind load balancers (boot ${bootOf("usual")}):`,
  "",
  ...table(storms, [
    figureColumn("lost", ({ lost }) => whole(lost)),
    figureColumn("serves after p50", ({ served }) => after(served.p50)),
    figureColumn("p95", ({ served }) => after(served.p95)),
    figureColumn("p99", ({ served }) => after(served.p99)),
    figureColumn("before the end", ({ beforeEnd }) => percent(beforeEnd.share)),
    figureColumn("boot fits", ({ beforeEnd }) => percent(beforeEnd.fits)),
    figureColumn("by the group's own", ({ byGroup }) => whole(byGroup)),
    figureColumn("", (storm) => verdict(keepsGroups(storm))),
    figureColumn("events lost", ({ eventsLost }) => whole(eventsLost)),
    figureColumn("duplicates", ({ duplicates }) => whole(duplicates)),
    figureColumn("unserved", ({ unserved }) => whole(unserved)),
    figureColumn("promises broken", ({ complaints }) => whole(complaints.length)),
    figureColumn("throttled calls", ({ throttled }) => whole(throttled)),
    figureColumn("processor", ({ cpuSeconds }) => seconds(cpuSeconds)),
  ]),
  ...storms.flatMap(({ complaints }) => complaints.slice(0, mostBroken)),
];

const figureLines = (figures: readonly InterruptionFigures[]): readonly string[] => {
  const linear = figures.filter(({ down }) => down !== undefined);
  const withData = linear.find(({ steps }) => steps !== undefined);
  const pods = podLines(figures);
  return [
    ...table(figures, servedColumns),
    ...(linear.length === 0
      ? []
      : ["", "Seconds in which a single instance's address is not answered:", ""]),
    ...(linear.length === 0 ? [] : table(linear, downColumns)),
    ...(withData === undefined ? [] : stepLines(withData)),
    ...(pods.length === 0 ? [] : ["", ...pods]),
    ...figures.flatMap(brokenLines),
  ];
};

export const interruptionReport = ({
  interruptions,
  storms,
  groupStorms,
}: MeasuredInterruptions): string =>
  [
    `Spot interruptions with a notice of ${String(noticeSeconds)} s: aim, served before the end are as many as have a boot that fits into what is left ${String(untilFirstCallSeconds)} s after the notice, less ${String(shareAim * 100)} points`,
    "",
    ...(interruptions.length === 0 ? [] : figureLines(interruptions)),
    ...(storms.length === 0 ? [] : stormLines(storms)),
    ...(groupStorms.length === 0 ? [] : groupStormLines(groupStorms)),
  ].join("\n");
