/** `spot accounts add|set|remove`: connects accounts, changes and disconnects them. */
import { InvalidArgumentError, Option } from "commander";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import { nounOf } from "../noun.ts";
import { textRows } from "../output/layout.ts";
import { wholeNumber } from "../paging.ts";

type Account = Schemas["Account"];

const names = (text: string): string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

type Environment = Account["environment"];

interface AddOptions {
  readonly name: string;
  readonly environment: Environment;
  readonly regions: string[];
}

const add: Handler<AddOptions> = async ({ api, print }, { args: [id = ""], options }) => {
  const { name, environment, regions } = options;
  const created = await dataOf(
    api.POST("/api/v1/accounts", { body: { account_id: id, name, environment, regions } }),
  );
  print.record(created, [
    ["Account", created.account_id],
    ["Status", created.status],
    ["Role", created.role_arn],
    ["ExternalId", created.external_id],
  ]);
  print.note(
    `The role template asks for this ExternalId. Next: spot accounts template ${id} > role.yaml, deploy it there, then spot accounts verify ${id}`,
  );
  return "DONE";
};

interface SetOptions {
  readonly name?: string;
  readonly environment?: Environment;
  readonly regions?: string[];
  readonly disable?: true;
  readonly enable?: true;
  readonly maxSwitches?: number | null;
  readonly maxExtraUsd?: number | null;
}

const set: Handler<SetOptions> = async ({ api, print }, { args: [id = ""], options }) => {
  const { name, environment, regions, disable, enable, maxSwitches, maxExtraUsd } = options;
  const account = await dataOf(
    api.PATCH("/api/v1/accounts/{id}", {
      params: { path: { id } },
      body: {
        ...(name !== undefined && { name }),
        ...(environment !== undefined && { environment }),
        ...(regions !== undefined && { regions }),
        ...(disable === true && { status: "DISABLED" as const }),
        ...(enable === true && { status: "PENDING" as const }),
        ...(maxSwitches !== undefined && { max_concurrent_switches: maxSwitches }),
        ...(maxExtraUsd !== undefined && { max_extra_hourly_usd: maxExtraUsd }),
      },
    }),
  );
  print.record(account, [
    ["Account", `${account.account_id} ${account.name}`],
    ["Environment", account.environment],
    ["Status", account.status],
    ["Regions", account.regions.join(", ")],
  ]);
  if (enable === true) print.note(`It is verified anew. Next: spot accounts verify ${id}`);
  return "DONE";
};

type Plan = Schemas["OffBoardingPlan"];

const planRows = (plan: Plan): readonly (readonly string[])[] => {
  const rows = (label: string, entries: Plan["stays"]) =>
    entries.map(({ region, kind, id, sentence }) => [label, region, `${kind} ${id}`, sentence]);
  const forgotten = plan.targets.map((target) => ["forgotten", "", `target ${target}`, ""]);
  const decided = plan.decisions.map(({ decision, region, kind, id, sentence }) => [
    decision === "END" ? "ended" : "kept",
    region,
    `${kind} ${id}`,
    sentence,
  ]);
  return [
    ...forgotten,
    ...rows("stays", plan.stays),
    ...rows("restored", plan.restored),
    ...rows("deleted", plan.deleted),
    ...decided,
    ...rows("untouched", plan.untouched),
    ...(plan.unread === undefined ? [] : [["unread", "", "", plan.unread]]),
  ];
};

interface RemoveOptions {
  readonly end?: string;
  readonly dryRun?: true;
}

const remove: Handler<RemoveOptions> = async (context, { args: [id = ""], options: { end } }) => {
  const { api, print, globals, confirm } = context;
  const chosen = end === undefined ? {} : { end };
  const path = { id };
  const plan = await dataOf(
    api.DELETE("/api/v1/accounts/{id}", {
      params: { path, query: { dry_run: "true", ...chosen } },
    }),
  );
  if (!("targets" in plan)) throw new Error("The answer is not a plan.");
  if (globals.dryRun === true) {
    print.report(plan, (layout) => textRows(planRows(plan), layout));
    return "DONE";
  }
  print.note(...textRows(planRows(plan), print.layout()));
  await confirm(`Disconnect account ${id}, as listed?`);
  const { data } = await api.DELETE("/api/v1/accounts/{id}", {
    params: { path, query: { dry_run: "false", plan: plan.hash, ...chosen } },
  });
  const done = data ?? { account_id: id, disconnected: true };
  print.record(done, [
    ["Account", id],
    [
      "Leaves",
      data === undefined
        ? "it is disconnected"
        : "it is being carried out, every five minutes a part",
    ],
  ]);
  if (data !== undefined) print.note(`Next: spot accounts show ${id}`);
  return "DONE";
};

const environments: readonly Environment[] = ["LAB", "PROD"];

/** `default` takes the limit away. */
const numberOrDefault =
  (parse: (text: string) => number) =>
  (text: string): number | null =>
    text === "default" ? null : parse(text);

const amount = (text: string): number => {
  const value = Number(text);
  if (value > 0 && value <= 100_000) return value;
  throw new InvalidArgumentError("It must be an amount of USD, at most 100000.");
};

export const addAccountChanges: AddCommands = (program, run) => {
  const ofAccount = (verb: string, description: string, example: string) =>
    thatChanges(withExamples(nounOf(program, "accounts").command(verb), example))
      .description(description)
      .argument("<account>", "12 digits");
  const environment = (): Option =>
    new Option("--environment <name>", "what is at stake there").choices(environments);
  const regions = "where targets may be registered, with commas between";
  ofAccount(
    "add",
    "connect an account",
    "spot accounts add 444455556666 --name Payments --regions eu-central-1",
  )
    .requiredOption("--name <name>", "what people call it")
    .requiredOption("--regions <names>", regions, names)
    .addOption(environment().default("LAB"))
    .action(run(add));
  ofAccount("set", "change an account", "spot accounts set 444455556666 --max-switches 2")
    .option("--name <name>", "what people call it")
    .option("--regions <names>", regions, names)
    .addOption(environment())
    .addOption(new Option("--disable", "never evaluate it").conflicts("enable"))
    .option("--enable", "allow it again, once it is verified anew")
    .option(
      "--max-switches <n>",
      "that may go on at a time in a region, or default",
      numberOrDefault(wholeNumber(1, 1000)),
    )
    .option(
      "--max-extra-usd <n>",
      "an hour, for what runs only while switches go on, or default",
      numberOrDefault(amount),
    )
    .action(run(set));
  ofAccount(
    "remove",
    "disconnect an account: shows what becomes of everything, then asks",
    "spot accounts remove 444455556666",
  )
    .option("--end <ids>", "end these of what would be kept, with commas between")
    .action(run(remove));
};
