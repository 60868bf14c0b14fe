/** `spot governance …`: what runs without an owner, and what carries our tags and nothing claims. */
import { Option } from "commander";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import type { Column } from "../output/layout.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";
import { timeText } from "../output/time.ts";
import { addUntil, untilOf, type UntilOptions } from "../until.ts";

type Row = Schemas["GovernancePage"]["items"][number];

interface Shown {
  readonly id: string;
  readonly resource: string;
  readonly status: string;
  readonly verdict: string;
  readonly graceEnds: string;
  readonly note: string;
}

const shownOf = (row: Row): Shown => {
  if (row.kind === "UNCLAIMED_RESOURCE") {
    const { id: resource, kind, reason } = row.unclaimed;
    const note = `${kind}, ${reason}`;
    return { id: "", resource, status: "UNCLAIMED", verdict: "", graceEnds: "", note };
  }
  const { finding } = row;
  return {
    id: finding.finding_id,
    resource: finding.instance_id,
    status: finding.status,
    verdict: finding.verdict,
    graceEnds: timeText(finding.exemption?.until ?? finding.grace.ends_at),
    note: finding.exemption?.reason ?? finding.effects.join(", "),
  };
};

const column = (heading: string, name: keyof Shown, more: object = {}): Column<Row> => ({
  heading,
  cell: (row) => shownOf(row)[name],
  ...more,
});

const columns: readonly Column<Row>[] = [
  column("RESOURCE", "resource"),
  column("STATUS", "status"),
  column("THEN", "verdict"),
  column("NOT BEFORE", "graceEnds"),
  column("FINDING", "id"),
  column("NOTE", "note", { cut: 1 }),
];

const kinds = ["UNOWNED_INSTANCE", "UNCLAIMED_RESOURCE"] as const satisfies readonly Row["kind"][];
const statuses = [
  "FLAGGED",
  "EXEMPT",
  "STOPPING",
  "STOPPED",
  "TERMINATING",
  "TERMINATED",
] as const satisfies readonly Schemas["UnownedInstance"]["status"][];

interface ListOptions extends PagingOptions {
  readonly account?: string;
  readonly in?: string;
  readonly kind?: (typeof kinds)[number];
  readonly status?: (typeof statuses)[number];
}

const list: Handler<ListOptions> = async ({ api, print }, { options }) => {
  const { account, in: region, kind, status } = options;
  const filter = {
    ...(account !== undefined && { account_id: account }),
    ...(region !== undefined && { region }),
    ...(kind !== undefined && { kind }),
    ...(status !== undefined && { status }),
  };
  const page = await readPages(options, (query) =>
    dataOf(api.GET("/api/v1/governance", { params: { query: { ...query, ...filter } } })),
  );
  print.list(page, columns, {
    empty:
      kind === undefined && status === undefined
        ? "Nothing runs without an owner, as far as the enforcer is on and has looked."
        : "No finding is of that kind and status. All: spot governance list",
    footer: footerOf(page, "findings"),
  });
  return "DONE";
};

const exempt: Handler<UntilOptions> = async (context, { args: [id = ""], options }) => {
  const { api, print } = context;
  const until = await untilOf(context, options);
  const reason = await context.reason();
  await context.confirm(
    `Let it go on running until ${timeText(until)}? A new full grace begins then.`,
  );
  const finding = await dataOf(
    api.POST("/api/v1/governance/{id}/exempt", {
      params: { path: { id } },
      body: { reason, until },
    }),
  );
  print.record(finding, [
    ["Finding", finding.finding_id],
    ["Instance", finding.instance_id],
    ["Status", finding.status],
    ["Exempt until", timeText(finding.exemption?.until)],
    ["Reason", finding.exemption?.reason ?? ""],
    ["By", finding.exemption?.by ?? ""],
  ]);
  return "DONE";
};

export const addGovernance: AddCommands = (program, run) => {
  const governance = program
    .command("governance")
    .description("what runs without an owner, and what nothing claims");
  withExamples(
    addPaging(governance.command("list").description("list the findings, newest first"))
      .option("--account <id>", "of this account only")
      .option("--in <region>", "in this region only")
      .addOption(new Option("--kind <kind>", "of this kind only").choices(kinds))
      .addOption(new Option("--status <status>", "of this status only").choices(statuses))
      .action(run(list)),
    "spot governance list --status FLAGGED",
  );
  const exempted = governance
    .command("exempt")
    .description("let an instance without an owner go on running; --reason says why")
    .argument("<finding>", "id of the finding: gov-, account, region and instance")
    .action(run(exempt));
  withExamples(
    thatChanges(addUntil(exempted, "how long, 90 days at most")),
    'spot governance exempt gov-444455556666-eu-central-1-i-0a1b2c3d4e5f60719 --until 30d --reason "Bastion"',
  );
};
