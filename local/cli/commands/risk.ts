/** `spot risk …`: what is remembered of Spot pools, and which of them nobody may use for a time. */
import { riskPercent, usd } from "../../terminal/figures.ts";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import type { Column } from "../output/layout.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";
import { timeText } from "../output/time.ts";
import { addUntil, untilOf, type UntilOptions } from "../until.ts";

type RiskPool = Schemas["RiskPool"];

const columns: readonly Column<RiskPool>[] = [
  { heading: "POOL", cell: ({ pool_id: id }) => id },
  { heading: "RISK", align: "right", cell: ({ risk }) => riskPercent(risk?.probability) },
  { heading: "LOSSES", align: "right", cell: ({ losses }) => String(losses) },
  { heading: "OF LAB", align: "right", cell: ({ lab_losses: losses }) => String(losses) },
  { heading: "REFUSALS", align: "right", cell: ({ refusals }) => String(refusals) },
  {
    heading: "QUARANTINE UNTIL",
    cell: ({ quarantine }) => timeText(quarantine?.until),
    tone: ({ quarantine }) => (quarantine === undefined ? undefined : "warning"),
  },
  {
    heading: "GIVES UP/MONTH",
    align: "right",
    cell: ({ given_up: given }) => usd(given?.monthly_usd),
  },
  { heading: "WHY", cut: 1, cell: ({ quarantine }) => quarantine?.reason ?? "" },
];

interface ListOptions extends PagingOptions {
  readonly zone?: string;
  readonly type?: string;
}

interface PoolFilter {
  readonly region: string;
  readonly zone_id?: string;
  readonly instance_type?: string;
}

const listPools = ({ api }: Pick<Context, "api">, filter: PoolFilter, paging: PagingOptions) =>
  readPages(paging, (query) =>
    dataOf(api.GET("/api/v1/risk/pools", { params: { query: { ...query, ...filter } } })),
  );

const ownRegion = async ({ api }: Context): Promise<string> =>
  (await dataOf(api.GET("/api/v1/health"))).region;

const list: Handler<ListOptions> = async (context, { args: [named], options }) => {
  const { zone, type } = options;
  const region = named ?? (await ownRegion(context));
  const filter = {
    region,
    ...(zone !== undefined && { zone_id: zone }),
    ...(type !== undefined && { instance_type: type }),
  };
  const page = await listPools(context, filter, options);
  context.print.list(page, columns, {
    empty: `Of no pool of ${region} anything is remembered: none has taken an instance back or refused one within a week.`,
    footer: footerOf(page, "pools"),
  });
  return "DONE";
};

/** Undefined: nothing is remembered of it, or that is not the id of a pool. */
const standingOf = async (context: Context, poolId: string): Promise<RiskPool | undefined> => {
  const [region = "", zone = "", type = ""] = poolId.split(":");
  if (region === "" || zone === "" || type === "") return undefined;
  const filter = { region, zone_id: zone, instance_type: type };
  const { items } = await listPools(context, filter, { limit: 100 });
  return items.find(({ pool_id: id }) => id === poolId);
};

const placeOf = (poolId: string): string => {
  const [, zone = "", type = ""] = poolId.split(":");
  return type === "" ? poolId : `${type} in ${zone}`;
};

const costOf = ({ given_up: given }: Partial<RiskPool>): string =>
  given === undefined
    ? "What that gives up is not known until the next sweep."
    : `Gives up ${usd(given.monthly_usd)} a month.`;

const quarantine: Handler<UntilOptions> = async (context, { args: [poolId = ""], options }) => {
  const { api, print } = context;
  const until = await untilOf(context, options);
  const reason = await context.reason();
  const standing = print.isJson ? undefined : await standingOf(context, poolId);
  print.note(
    `No evaluation of any account takes it on Spot until then; what runs there stays. Undone by: spot risk lift ${poolId}`,
  );
  await context.confirm(
    `${costOf(standing ?? {})} Avoid ${placeOf(poolId)} until ${timeText(until)}?`,
  );
  const set = await dataOf(
    api.POST("/api/v1/risk/pools/{pool_id}/quarantine", {
      params: { path: { pool_id: poolId } },
      body: { reason, until },
    }),
  );
  print.record(set, [
    ["Pool", set.pool_id],
    ["Quarantine until", timeText(set.until)],
    ["Reason", set.reason],
    ["Set by", set.set_by],
  ]);
  return "DONE";
};

const lift: Handler<object> = async (context, { args: [poolId = ""] }) => {
  const { api, print } = context;
  const reason = await context.reason();
  await context.confirm(`Let ${placeOf(poolId)} be used again?`);
  const query = { reason };
  const params = { path: { pool_id: poolId }, query };
  await api.DELETE("/api/v1/risk/pools/{pool_id}/quarantine", { params });
  print.record({ pool_id: poolId, lifted: true }, [["Lifted", poolId]]);
  return "DONE";
};

const poolArgument = "region:zone id:type:product, as spot risk list shows it";

export const addRisk: AddCommands = (program, run) => {
  const risk = program.command("risk").description("Spot pools: what is remembered, quarantine");
  const listed = risk
    .command("list")
    .description("list the pools of which something is remembered");
  withExamples(
    addPaging(listed.argument("[region]", "of the pools; else that of the API"))
      .option("--zone <id>", "of this zone only")
      .option("--type <type>", "of this instance type only")
      .action(run(list)),
    "spot risk list eu-central-1 --type m6a.large",
  );
  const kept = risk
    .command("quarantine")
    .description("keep everybody out of a pool for a time, 30 days at most")
    .argument("<pool>", poolArgument)
    .action(run(quarantine));
  withExamples(
    thatChanges(addUntil(kept, "when it ends by itself")),
    'spot risk quarantine us-east-1:use1-az4:m6a.large:linux-unix --until 7d --reason "Incident 4711"',
  );
  withExamples(
    thatChanges(
      risk
        .command("lift")
        .description("let a pool be used again")
        .argument("<pool>", poolArgument)
        .action(run(lift)),
    ),
    'spot risk lift us-east-1:use1-az4:m6a.large:linux-unix --reason "It is calm again"',
  );
};
