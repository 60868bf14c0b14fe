/** `spot kill-switch …`: stops all switching, of everybody or of an account, and lets it go on. */
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import { timeText } from "../output/time.ts";
import { counted } from "../../terminal/figures.ts";

type KillSwitch = Schemas["KillSwitch"];

interface Options {
  readonly account?: string;
}

const read = ({ api }: Context, { account }: Options): Promise<KillSwitch> =>
  dataOf(
    api.GET("/api/v1/kill-switch", {
      params: { query: account === undefined ? {} : { account_id: account } },
    }),
  );

/** Thrown, or lifted although the global one is thrown. */
const stateOf = ({ engaged, effective }: KillSwitch): string => {
  if (engaged) return "on: nothing is switched";
  return effective ? "off, but the global one is on: nothing is switched" : "off";
};

const show = ({ print }: Context, found: KillSwitch): void => {
  print.record(found, [
    ["Kill switch", stateOf(found)],
    ["Scope", found.scope],
    ["Reason", found.reason ?? ""],
    ["Changed", timeText(found.changed_at)],
    ["By", found.changed_by ?? ""],
  ]);
};

const state: Handler<Options> = async (context, { options }) => {
  show(context, await read(context, options));
  return "DONE";
};

/** More are not counted: "at least". */
const mostCounted = 100;

const running = async ({ api }: Context): Promise<string> => {
  const page = await dataOf(
    api.GET("/api/v1/evaluations", {
      params: { query: { status: "RUNNING", limit: mostCounted } },
    }),
  );
  const count = page.items.length;
  const atLeast = page.cursor === undefined ? "" : "At least ";
  return count === 0
    ? "None runs."
    : `${atLeast}${counted(count, "evaluation")} of all accounts run: before its traffic has moved each rolls back now, after it each is held for you.`;
};

const placeOf = ({ account }: Options): string =>
  account === undefined ? "" : ` in account ${account}`;

const set = async (
  context: Context,
  { account }: Options,
  { engaged, reason }: { readonly engaged: boolean; readonly reason: string },
): Promise<void> => {
  const changed = await dataOf(
    context.api.PUT("/api/v1/kill-switch", {
      body: { engaged, reason, ...(account !== undefined && { account_id: account }) },
    }),
  );
  show(context, changed);
};

const isAsked = ({ globals: { yes, dryRun } }: Context): boolean => yes !== true && dryRun !== true;

const on: Handler<Options> = async (context, { options }) => {
  const reason = await context.reason();
  if (isAsked(context)) context.print.note(await running(context));
  await context.confirm(
    `Stop all switching${placeOf(options)}? Interruptions are only recorded. Undone by: spot kill-switch off.`,
  );
  await set(context, options, { engaged: true, reason });
  return "DONE";
};

const off: Handler<Options> = async (context, { options }) => {
  const reason = await context.reason();
  await context.confirm(
    `Switch again${placeOf(options)}? Held evaluations wait until you resume each.`,
  );
  await set(context, options, { engaged: false, reason });
  return "DONE";
};

export const addKillSwitch: AddCommands = (program, run) => {
  const killSwitch = program
    .command("kill-switch")
    .description("stop all switching, and let it go on");
  const account = ["--account <id>", "of this account; else the global one"] as const;
  withExamples(
    killSwitch
      .command("show", { isDefault: true })
      .description("say whether it is on, why, and since when; spot kill-switch alone does so too")
      .option(...account)
      .action(run(state)),
    "spot kill-switch show --account 444455556666",
  );
  withExamples(
    thatChanges(
      killSwitch
        .command("on")
        .description("stop all switching; roll-backs run all the same")
        .option(...account)
        .action(run(on)),
    ),
    'spot kill-switch on --reason "Incident 4711"',
  );
  withExamples(
    thatChanges(
      killSwitch
        .command("off")
        .description("switch again; what is held waits for spot evaluations resume")
        .option(...account)
        .action(run(off)),
    ),
    'spot kill-switch off --reason "Incident 4711 is over"',
  );
};
