/** `spot savings`: what was saved in a month, net, and what shadow mode would have saved. */
import { counted, usd } from "../../terminal/figures.ts";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { acceptsCsv, addCsv, printCsv, type CsvOptions } from "../csv.ts";
import { Failure } from "../failure.ts";
import { labelsOf, readFleet } from "../fleet.ts";
import { withExamples } from "../leaf.ts";
import type { Column } from "../output/layout.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";

type Month = Schemas["SavingsOfMonth"];
type Target = Schemas["TargetSavings"];
type Resource = Schemas["SavingsHours"]["resources"][number];

/** What is known of it, or both ends. */
const netText = ({ net_usd: net }: Pick<Target, "net_usd">): string => {
  const most = net.is_range ? `${usd(net.low)} to ${usd(net.high)}` : usd(net.high);
  return net.is_bounded ? most : `at most ${usd(net.high)}`;
};

/** Where capacity was there, and where nobody knows whether it was. */
const shadowText = ({ shadow }: Pick<Target, "shadow">): string => {
  if (shadow === undefined) return "";
  const { proven, unproven } = shadow;
  const perhaps = unproven.decisions === 0 ? "" : ` (+ ${usd(unproven.saved_usd.likely)} unproven)`;
  return `${usd(proven.saved_usd.likely)}${perhaps}`;
};

const targetId = ({ target_id: id }: Target): string => id;

/** By what a person calls them. One that was removed since has its id alone. */
const namesOf = async (context: Context): Promise<(target: Target) => string> => {
  const { rows } = await readFleet(context);
  const labelOf = labelsOf(rows);
  const labels = new Map<string, string>(rows.map((row) => [row.target_id, labelOf(row)]));
  return ({ target_id: id }) => labels.get(id) ?? id;
};

const columnsFor = (nameOf: (target: Target) => string): readonly Column<Target>[] => [
  { heading: "TARGET", cell: nameOf },
  { heading: "ACCOUNT", cell: ({ account_id: id }) => id },
  { heading: "WOULD", align: "right", cell: ({ terms }) => usd(terms.would.usd) },
  { heading: "RAN", align: "right", cell: ({ terms }) => usd(terms.ran.usd) },
  { heading: "NET", align: "right", cell: netText },
  {
    heading: "DOWN",
    align: "right",
    cell: ({ downtime_seconds: down }) => `${String(Math.round(down / 60))} min`,
  },
  { heading: "FINAL", cell: ({ is_final: isFinal }) => (isFinal ? "yes" : "not yet") },
];

const shadowColumn: Column<Target> = {
  heading: "◐ SHADOW WOULD ADD",
  align: "right",
  cell: shadowText,
};

interface Options extends PagingOptions, CsvOptions {
  readonly month?: string;
  readonly account?: string;
  readonly target?: string;
  readonly shadow?: true;
  readonly hours?: string;
}

const filterOf = ({ month, account, target, shadow }: Options) => ({
  ...(month !== undefined && { month }),
  ...(account !== undefined && { account_id: account }),
  ...(target !== undefined && { target_id: target }),
  ...(shadow === true && { shadow: "true" as const }),
});

const notAList = (): Failure => new Failure("UNREACHABLE", "The answer is not of the control API");

const isBilled = (hour: string | null): hour is string => hour !== null;

/** What is known of the day, and whether an hour has no price. */
const dayText = ({ usd: hours }: Resource): string => {
  const billed = hours.filter(isBilled);
  const known = billed.filter((hour) => hour !== "unknown");
  const sum = known.reduce((total, hour) => total + Number(hour), 0);
  return `${known.length < billed.length ? "at least " : ""}${usd(sum, 4)}`;
};

const hourColumns: readonly Column<Resource>[] = [
  { heading: "RESOURCE", cell: ({ resource_id: id }) => id },
  { heading: "KIND", cell: ({ kind }) => kind },
  { heading: "TYPE", cell: ({ instance_type: type = "" }) => type },
  {
    heading: "HOURS BILLED",
    align: "right",
    cell: ({ usd: hours }) => String(hours.filter(isBilled).length),
  },
  { heading: "COST", align: "right", cell: dayText },
];

const hoursOf = async ({ api, print }: Context, options: Options, day: string): Promise<void> => {
  const { account } = options;
  if (account === undefined) {
    throw new Failure("USAGE", "--hours is of one account", { next: "give --account" });
  }
  const page = await readPages(options, async (query) => {
    const { resources, cursor } = await dataOf(
      api.GET("/api/v1/savings/hours", {
        params: { query: { ...query, account_id: account, day } },
      }),
    );
    return { items: resources, ...(cursor !== undefined && { cursor }) };
  });
  print.list(page, hourColumns, {
    empty: `Nothing is known of ${day}: a day is stated once it is settled.`,
    footer: footerOf(page, "resources"),
  });
};

const footer = ({ month, total }: Month, shown: string): string => {
  const shadow = total.shadow === undefined ? "" : ` Shadow would add ${shadowText(total)}.`;
  const state = total.is_final ? "" : " Not final yet.";
  return `${month}: ${netText(total)} saved, net, by ${counted(total.targets, "target")}.${shadow}${state} ${shown}`;
};

const savings: Handler<Options> = async (context, { options }) => {
  const { api, print, globals } = context;
  const { csv, hours, shadow } = options;
  const filter = filterOf(options);
  if (csv === true) {
    await printCsv(context, (cursor) => {
      const query = { ...filter, ...(cursor !== undefined && { cursor }) };
      return api.GET("/api/v1/savings", { params: { query }, ...acceptsCsv });
    });
    return "DONE";
  }
  if (hours !== undefined) {
    await hoursOf(context, options, hours);
    return "DONE";
  }
  let whole: Month | undefined;
  const page = await readPages(options, async (query) => {
    const one = await dataOf(
      api.GET("/api/v1/savings", { params: { query: { ...query, ...filter } }, parseAs: "json" }),
    );
    if (typeof one === "string") throw notAList();
    whole ??= one;
    return one;
  });
  if (whole === undefined) throw notAList();
  const { month, total } = whole;
  // A document has the ids.
  const nameOf = globals.json === true ? targetId : await namesOf(context);
  const columns = columnsFor(nameOf);
  print.list(page, shadow === true ? [...columns, shadowColumn] : columns, {
    empty: `Nothing is in the ledger of ${month}. Next: spot targets list`,
    footer: footer(whole, footerOf(page, "targets")),
    beside: { month, total },
  });
  return "DONE";
};

export const addSavings: AddCommands = (program, run) => {
  const command = program
    .command("savings")
    .description("what was saved in a month, net, from what ran and what that cost");
  withExamples(
    addCsv(addPaging(command))
      .option("--month <month>", "by UTC, as 2026-11; else the current one")
      .option("--account <id>", "of this account only")
      .option("--target <id>", "of this target only")
      .option("--shadow", "also what targets in shadow mode would have saved")
      .option(
        "--hours <day>",
        "what each resource cost in each hour of a settled day, of one account",
      )
      .action(run(savings)),
    "spot savings --month 2026-11 --shadow",
    "spot savings --csv > savings.csv",
    "spot savings --account 444455556666 --hours 2026-11-28 --json",
  );
};
