/** `spot targets show|add|set|remove`: what is optimised, and by which limits. */
import { Option } from "commander";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import { Failure } from "../failure.ts";
import { nounOf } from "../noun.ts";
import type { Column } from "../output/layout.ts";
import { setting, settingHelp, tag, valueText, type Settings, type Tags } from "../settings.ts";
import { targetIdOf } from "../target-names.ts";

type Target = Schemas["Target"];

const aboutText = ({ pipeline_mode: mode, metadata, cluster_membership: member }: Target): string =>
  [
    mode,
    metadata?.asg_name,
    member === undefined
      ? undefined
      : `${member.node_group} of ${member.cluster_name}, ${member.nodes ?? "ONE"}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");

const verdictText = ({ last_verdict: verdict }: Target): string =>
  verdict === undefined ? "" : `${verdict.kind}, ${verdict.reason}: ${verdict.sentence}`;

const failureText = ({ failed_attempt: failed }: Target): string =>
  failed === undefined
    ? ""
    : `${failed.evaluation_id} at ${failed.at}, ${failed.cause.error}${failed.retry_at === undefined ? "" : `, tried again at ${failed.retry_at}`}`;

const lines = (target: Target): readonly (readonly [string, string])[] => [
  ["Target", target.target_id],
  ["Instance", `${target.instance_id} ${target.instance_type} ${target.availability_zone}`],
  ["Account", target.account_id],
  ["Mode", aboutText(target)],
  ["Shadow", target.is_shadow_mode ? "yes: verdicts are recorded and nothing is touched" : "no"],
  [
    "Limits",
    Object.entries(target.policy_overrides)
      .map(([name, value]) => `${name}=${valueText(value)}`)
      .join(" "),
  ],
  ["Model", target.model_version ?? ""],
  ["Verdict", verdictText(target)],
  ["Last switch", target.last_switch_at ?? ""],
  ["Evaluated", target.last_evaluated_at ?? ""],
  ["Failed", failureText(target)],
  ["Notices", (target.notices ?? []).join(" ")],
  ["Registered", target.created_at],
];

const read = async ({ api }: Context, id: string): Promise<Target> =>
  dataOf(api.GET("/api/v1/lab/instances/{id}", { params: { path: { id } } }));

const show: Handler<object> = async (context, { args: [name = ""] }) => {
  const target = await read(context, await targetIdOf(context, name));
  context.print.record(target, lines(target));
  context.print.note(`Next: spot evaluations list --target ${target.target_id}`);
  return "DONE";
};

type Registration = Schemas["Registration"];

const columns: readonly Column<Registration>[] = [
  { heading: "INSTANCE", cell: ({ instance_id: id, subject_id: subject }) => id ?? subject ?? "" },
  {
    heading: "OUTCOME",
    cell: ({ outcome }) => outcome,
    tone: ({ outcome }) =>
      outcome === "REFUSED" ? "bad" : outcome === "REGISTERED" ? "good" : undefined,
  },
  { heading: "TARGET", cell: ({ target_id: id }) => id ?? "" },
  { heading: "MODE", cell: ({ pipeline_mode: mode }) => mode ?? "" },
  { heading: "SUBJECT OR WHY NOT", cell: ({ subject, detail }) => detail ?? subject ?? "", cut: 1 },
];

/** The one region of the account, where there is one only. */
const regionOf = async ({ api }: Context, id: string): Promise<string> => {
  const { regions } = await dataOf(api.GET("/api/v1/accounts/{id}", { params: { path: { id } } }));
  const [only, ...others] = regions;
  if (only !== undefined && others.length === 0) return only;
  throw new Failure("USAGE", `Account ${id} has the regions ${regions.join(", ")}`, {
    next: "give --in with one of them",
  });
};

interface AddOptions {
  readonly account: string;
  readonly in?: string;
  readonly tag?: Tags;
  readonly preflight?: string;
  readonly outcome?: "WILL" | "WOULD" | "WILL_ONCE";
}

/** What is registered: instances by their ids, by tags, or of a preflight. */
const wantedOf = (ids: readonly string[], { tag, preflight, outcome }: AddOptions) => {
  if (ids.length > 0) return { instance_ids: [...ids] };
  if (tag !== undefined) return { tags: { ...tag } };
  if (preflight !== undefined) {
    return { preflight_id: preflight, outcome: outcome ?? ("WILL" as const) };
  }
  throw new Failure("USAGE", "Nothing is named to be registered");
};

const nextOf = ({
  registered,
  already_registered: before,
}: Readonly<Record<"registered" | "already_registered", number>>): string =>
  registered + before > 0 ? "spot evaluate TARGET --watch" : "spot preflight ACCOUNT";

const add: Handler<AddOptions> = async (context, { args, options }) => {
  const { api, print } = context;
  const { account } = options;
  const region = options.in ?? (await regionOf(context, account));
  const wanted = wantedOf(args, options);
  const answer = await dataOf(
    api.POST("/api/v1/lab/instances/bulk", { body: { account_id: account, region, ...wanted } }),
  );
  const { items, cursor, ...counts } = answer;
  print.list({ items, ...(cursor !== undefined && { cursor }) }, columns, {
    empty: "Nothing fits. Next: spot preflight ACCOUNT",
    footer: `${String(counts.registered)} registered in shadow mode, ${String(counts.already_registered)} before, ${String(counts.refused)} refused. Next: ${nextOf(counts)}`,
    beside: counts,
  });
  return counts.refused > 0 ? "REFUSED" : "DONE";
};

interface SetOptions {
  /** --shadow and --no-shadow. */
  readonly shadow?: boolean;
  readonly set?: Settings;
  readonly unset?: readonly string[];
}

type Patch = Schemas["PatchTarget"];

const limitsOf = ({ set, unset = [] }: SetOptions): Pick<Patch, "policy_overrides"> => {
  if (set === undefined && unset.length === 0) return {};
  const taken = Object.fromEntries(unset.map((name) => [name, null]));
  // The API knows the limits, and refuses by name what it doesn't.
  return { policy_overrides: { ...set, ...taken } };
};

const set: Handler<SetOptions> = async (context, { args: [name = ""], options }) => {
  const { api, print, confirm } = context;
  const { shadow } = options;
  const id = await targetIdOf(context, name);
  if (shadow === false) await confirm(`Let ${name} be switched for real?`);
  const target = await dataOf(
    api.PATCH("/api/v1/lab/instances/{id}", {
      params: { path: { id } },
      body: { ...(shadow !== undefined && { is_shadow_mode: shadow }), ...limitsOf(options) },
    }),
  );
  print.record(target, lines(target));
  return "DONE";
};

interface RemoveOptions {
  readonly leaveFlags?: true;
}

const remove: Handler<RemoveOptions> = async (context, { args: [name = ""], options }) => {
  const { api, print, confirm } = context;
  const id = await targetIdOf(context, name);
  await confirm(`Forget target ${name}?`);
  await api.DELETE("/api/v1/lab/instances/{id}", {
    params: {
      path: { id },
      query: { deletion_flags: options.leaveFlags === true ? "leave" : "return" },
    },
  });
  print.record({ target_id: id, removed: true }, [["Forgotten", id]]);
  return "DONE";
};

const several = (name: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  name,
];

const outcome = (): Option =>
  new Option("--outcome <outcome>", "of these only, with --preflight").choices([
    "WILL",
    "WOULD",
    "WILL_ONCE",
  ]);

export const addTargets: AddCommands = (program, run) => {
  const targets = nounOf(program, "targets");
  const ofTarget = (verb: string, description: string, ...examples: readonly string[]) =>
    withExamples(targets.command(verb), ...examples)
      .description(description)
      .argument("<target>", "its id, its instance's id, or its name");
  ofTarget(
    "show",
    "show a target, its limits and its last verdict",
    "spot targets show web-shop-1",
  ).action(run(show));
  withExamples(
    thatChanges(targets.command("add")),
    "spot targets add i-0a1b2c3d4e5f60718 --account 444455556666",
    "spot targets add --account 444455556666 --tag team=payments",
  )
    .description("register instances, in shadow mode: groups and nodes as what their tags say")
    .argument("[instances...]", "their ids, i-…")
    .requiredOption("--account <id>", "that they are in")
    .option("--in <region>", "that they are in, where the account has several")
    .option(
      "--tag <name=value>",
      "all that have it, and not by ids; may be given several times",
      tag,
    )
    .option("--preflight <id>", "what a preflight has found there")
    .addOption(outcome())
    .action(run(add));
  thatChanges(
    ofTarget(
      "set",
      "change a target",
      "spot targets set web-shop-1 --set max_risk=0.1",
      "spot targets set web-shop-1 --no-shadow",
    ),
  )
    .option("--shadow", "record verdicts and touch nothing")
    .option("--no-shadow", "let it be switched for real")
    .option("--set <limit=value>", `another limit of its policy; ${settingHelp}`, setting)
    .option("--unset <limit>", "the default limit again; may be given several times", several)
    .action(run(set));
  thatChanges(
    ofTarget(
      "remove",
      "forget a target; its instance stays as it is",
      "spot targets remove web-shop-1",
    ),
  )
    .option("--leave-flags", "do not return its owner's deletion flags")
    .action(run(remove));
};
