/** The figures of fleets as tables, with what was aimed at. */
import { seconds, usd } from "../terminal/figures.ts";
import { figureColumn, table } from "../terminal/table.ts";
import { fleetCases } from "./fleet-cases.ts";
import { fleetAims, mostCallsPerLook, type FleetFigures } from "./fleet.ts";
import { verdict, whole } from "./verdict.ts";

const fleetOf = ({ targets, places }: FleetFigures): string =>
  `${whole(targets)} in ${whole(places)} ${places === 1 ? "place" : "places"}`;

const apisOf = (fleets: readonly FleetFigures[]): readonly string[] =>
  [...new Set(fleets.flatMap(({ callsByApi }) => Object.keys(callsByApi)))].sort();

const callsReport = (fleets: readonly FleetFigures[]): readonly string[] =>
  table(
    apisOf(fleets).map((api) => ({ api })),
    [
      { heading: "call in customers' accounts", cell: ({ api }) => api },
      ...fleets.map((fleet) =>
        figureColumn(fleetOf(fleet), ({ api }: { readonly api: string }) =>
          whole(fleet.callsByApi[api] ?? 0),
        ),
      ),
    ],
  );

/** Told apart: they are made once a day, whatever the number of sweeps. */
const looksReport = (fleets: readonly FleetFigures[]): readonly string[] =>
  table(fleets, [
    { heading: "looks of a day", cell: fleetOf },
    figureColumn("looked at", ({ looks }) => whole(looks.subjects)),
    figureColumn("calls of each", ({ looks }) => (looks.own / looks.subjects).toFixed(1)),
    figureColumn("aim", ({ meets }) => verdict(meets.looks)),
    figureColumn("calls in common", ({ looks }) => whole(looks.shared)),
    figureColumn("a target and day", ({ looks, targets }) =>
      ((looks.own + looks.shared) / targets).toFixed(3),
    ),
  ]);

export const fleetReport = (fleets: readonly FleetFigures[]): string =>
  [
    `One sweep of a whole fleet that is as it was at the sweep before, prices being new: aim ≤ ${fleetCases
      .map(
        ({ targets, mostCallsPerTarget }) => `${String(mostCallsPerTarget)} at ${whole(targets)}`,
      )
      .join(
        ", ",
      )} calls for each target, ≤ ${seconds(fleetAims.seconds)} by the virtual clock, ≤ ${usd(fleetAims.usdPerThousandMonthly)} for 1,000 targets and a month of 96 sweeps a day`,
    "",
    ...table(fleets, [
      { heading: "targets", cell: fleetOf },
      figureColumn("judged", ({ judged }) => whole(judged)),
      figureColumn("calls", ({ calls }) => whole(calls)),
      figureColumn("a target", ({ callsPerTarget }) => callsPerTarget.toFixed(3)),
      figureColumn("aim", ({ meets }) => verdict(meets.calls)),
      figureColumn("of the market", ({ marketCalls }) => whole(marketCalls)),
      figureColumn("read units", ({ readUnits }) => whole(readUnits)),
      figureColumn("write units", ({ writeUnits }) => whole(writeUnits)),
      figureColumn("virtual", ({ virtualSeconds }) => seconds(virtualSeconds)),
      figureColumn("aim", ({ meets }) => verdict(meets.time)),
      figureColumn("processor", ({ cpuSeconds }) => seconds(cpuSeconds)),
      figureColumn("memory", ({ peakMb }) => `${whole(peakMb)} MB`),
      figureColumn("1,000 a month", ({ usdPerThousandMonthly }) => usd(usdPerThousandMonthly)),
      figureColumn("aim", ({ meets }) => verdict(meets.cost)),
    ]),
    "",
    ...callsReport(fleets),
    "",
    ...looksReport(fleets),
    "",
    `What would be switched is looked at once a day: aim ≤ ${String(mostCallsPerLook)} calls for each instance (attributes and dry runs). What groups and nodes are asked for is among the calls in common. The cost of a month has them.`,
    "Of ten instances six are refused, three stay, one would be switched and is in shadow mode; of the groups of a place every other one would be, the first among them, and of clusters each. The market is read once for each region and product, in our own account.",
    "Each of a hundred accounts has 15 connected regions more with nothing in them, which are read once a day: those that come due at this sweep are among its calls.",
    "Memory is that of the whole process, simulated cloud included.",
  ].join("\n");
