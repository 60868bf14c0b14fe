/** `spot waste …`: what costs money and seems to be of no use, and what is to become of it. */
import { Option } from "commander";
import { usd } from "../../terminal/figures.ts";
import {
  hashHelp,
  noteLines,
  printVoted,
  requireHash,
  shortHash,
  type HashOptions,
} from "../agreement.ts";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { acceptsCsv, addCsv, printCsv, type CsvOptions } from "../csv.ts";
import { Failure } from "../failure.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import type { Column } from "../output/layout.ts";
import type { Line } from "../output/print.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";
import { timeText } from "../output/time.ts";
import { addUntil, untilOf, type UntilOptions } from "../until.ts";

type Finding = Schemas["WasteFinding"];
type Total = Schemas["WasteFindingPage"]["total"];

const columns: readonly Column<Finding>[] = [
  { heading: "FINDING", cell: ({ finding_id: id }) => id },
  { heading: "RESOURCE", cell: ({ resource_id: id }) => id },
  { heading: "STATUS", cell: ({ status }) => status },
  { heading: "USD/MONTH", align: "right", cell: ({ monthly_usd: amount }) => usd(amount) },
  { heading: "FIRST SEEN", cell: ({ first_seen_at: at }) => at.slice(0, 10) },
  { heading: "WHY", cut: 1, cell: ({ why }) => why },
  { heading: "UNDO", cut: 2, cell: ({ undo }) => undo },
];

const kinds = [
  "FAST_SNAPSHOT_RESTORE",
  "UNATTACHED_VOLUME",
  "OLD_SNAPSHOT",
  "UNUSED_IMAGE",
  "UNASSOCIATED_ADDRESS",
  "IDLE_ADDRESS",
  "STOPPED_INSTANCE",
  "IDLE_LOAD_BALANCER",
  "IDLE_NAT_GATEWAY",
] as const satisfies readonly Finding["kind"][];

const statuses = [
  "SEEN",
  "KEPT",
  "OFFERED",
  "REPORTED",
  "DELETING",
  "DELETED",
  "DISMISSED",
  "CLOSED",
] as const satisfies readonly Finding["status"][];

interface ListOptions extends PagingOptions, CsvOptions {
  readonly account?: string;
  readonly in?: string;
  readonly kind?: (typeof kinds)[number];
  readonly status?: (typeof statuses)[number];
}

const filterOf = ({ account, in: region, kind, status }: ListOptions) => ({
  ...(account !== undefined && { account_id: account }),
  ...(region !== undefined && { region }),
  ...(kind !== undefined && { kind }),
  ...(status !== undefined && { status }),
});

const totalText = (total: Total): string => {
  if (total === undefined) return "";
  const unpriced = total.unpriced === 0 ? "" : `, and ${String(total.unpriced)} without a price`;
  return ` In all ${usd(total.monthly_usd)} a month${unpriced}.`;
};

const list: Handler<ListOptions> = async (context, { options }) => {
  const { api, print } = context;
  const filter = filterOf(options);
  if (options.csv === true) {
    await printCsv(context, (cursor) => {
      const query = { ...filter, ...(cursor !== undefined && { cursor }) };
      return api.GET("/api/v1/waste", { params: { query }, ...acceptsCsv });
    });
    return "DONE";
  }
  let total: Total;
  const page = await readPages(options, async (query) => {
    const one = await dataOf(
      api.GET("/api/v1/waste", { params: { query: { ...query, ...filter } }, parseAs: "json" }),
    );
    if (typeof one === "string") throw new Failure("UNREACHABLE", "The answer is not a list");
    total ??= one.total;
    return one;
  });
  print.list(page, columns, {
    empty:
      filter.status === undefined
        ? "Nothing is to be decided. What was found besides: spot waste list --status SEEN"
        : `No finding is ${filter.status}.`,
    footer: `${footerOf(page, "findings")}${totalText(total)}`,
    ...(total !== undefined && { beside: { total } }),
  });
  return "DONE";
};

const read = ({ api }: Context, id: string): Promise<Finding> =>
  dataOf(api.GET("/api/v1/waste/{id}", { params: { path: { id } } }));

const findingLines = (finding: Finding): readonly Line[] => [
  ["Finding", finding.finding_id],
  ["Hash", finding.bounds_hash ?? ""],
  ["Resource", [finding.resource_id, finding.label ?? ""].join(" ").trim()],
  ["Status", finding.status],
  ["Costs", finding.monthly_usd === undefined ? "" : `${usd(finding.monthly_usd)} a month`],
  ["Why", finding.why],
  ["Effect", finding.effect],
  ...(finding.plan ?? []).map((step): Line => ["Plan", step]),
  ["Undo", finding.undo],
  ...finding.unchecked.map((one): Line => ["Look yourself", one]),
  ...finding.reasons.map(({ sentence }): Line => ["Stays because", sentence]),
  ["Stays until", timeText(finding.dismissal?.until)],
];

const hashOf = ({ finding_id: id, status, bounds_hash: hash }: Finding): string => {
  if (hash !== undefined) return hash;
  throw new Failure("REFUSED", `${id} is ${status}: it is not offered for deletion`, {
    next: "spot waste list --status OFFERED",
  });
};

const approve: Handler<HashOptions> = async (context, { args: [id = ""], options }) => {
  const { api, print, globals } = context;
  const finding = await read(context, id);
  const hash = hashOf(finding);
  requireHash(options, hash, "spot waste list --json");
  noteLines(print, findingLines(finding));
  const cost = finding.monthly_usd === undefined ? "" : ` (${usd(finding.monthly_usd)} a month)`;
  await context.confirm(
    `Delete ${finding.resource_id}${cost} as plan ${shortHash(hash)} says? ${finding.undo}`,
  );
  const { reason } = globals;
  const voted = await dataOf(
    api.POST("/api/v1/waste/{id}/approve", {
      params: { path: { id } },
      body: { bounds_hash: hash, ...(reason !== undefined && { comment: reason }) },
    }),
  );
  return printVoted(print, voted);
};

const dismiss: Handler<UntilOptions> = async (context, { args: [id = ""], options }) => {
  const { api, print } = context;
  const until = await untilOf(context, options);
  const reason = await context.reason();
  await context.confirm(`Let ${id} stay until ${timeText(until)}? Then its days begin anew.`);
  const dismissed = await dataOf(
    api.POST("/api/v1/waste/{id}/dismiss", { params: { path: { id } }, body: { reason, until } }),
  );
  print.record(dismissed, findingLines(dismissed));
  return "DONE";
};

export const addWaste: AddCommands = (program, run) => {
  const waste = program.command("waste").description("what costs money and seems to be of no use");
  const listed = waste
    .command("list")
    .description("list what was found, what is offered or reported unless --status says otherwise");
  withExamples(
    addCsv(addPaging(listed))
      .option("--account <id>", "of this account only")
      .option("--in <region>", "in this region only")
      .addOption(new Option("--kind <kind>", "of this kind only").choices(kinds))
      .addOption(new Option("--status <status>", "of this status only").choices(statuses))
      .action(run(list)),
    "spot waste list --kind UNATTACHED_VOLUME",
    "spot waste list --csv > waste.csv",
  );
  withExamples(
    thatChanges(
      waste
        .command("approve")
        .description("agree that it is deleted as its plan says, which is shown first")
        .argument("<finding>", "id of the finding")
        .option("--hash <hash>", hashHelp)
        .action(run(approve)),
    ),
    "spot waste approve wst-01j9z0x3k4m5n6p7q8r9",
  );
  const dismissed = waste
    .command("dismiss")
    .description("say that it stays; --reason says why")
    .argument("<finding>", "id of the finding")
    .action(run(dismiss));
  withExamples(
    thatChanges(addUntil(dismissed, "how long it stays, 400 days at most")),
    'spot waste dismiss wst-01j9z0x3k4m5n6p7q8r9 --until 90d --reason "Needed for the audit"',
  );
};
