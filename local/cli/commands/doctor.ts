/** `spot doctor`: looks at the API, the kill switch, and of accounts at role, tags, events and quotas, and says of each what to do. */
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { statusCheck, verificationChecks } from "../doctor/account.ts";
import type { Check, Outcome } from "../doctor/check.ts";
import { preflightChecks, unreadFleet } from "../doctor/fleet.ts";
import type { Exit } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { withExamples } from "../leaf.ts";
import type { Column } from "../output/layout.ts";
import { readPages } from "../paging.ts";

type Account = Schemas["Account"];
type Preflight = Schemas["Preflight"];

interface Options {
  /** False with --no-preflight. */
  readonly preflight: boolean;
}

const tones = { ok: "good", failed: "bad", unknown: "warning" } as const;
const marks: Readonly<Record<Outcome, string>> = {
  ok: "✓ ok",
  failed: "✗ failed",
  unknown: "? unknown",
};

const columns: readonly Column<Check>[] = [
  {
    heading: "OUTCOME",
    cell: ({ outcome }) => marks[outcome],
    tone: ({ outcome }) => tones[outcome],
  },
  { heading: "CHECK", cell: ({ check }) => check },
  { heading: "OF", cell: ({ subject }) => subject },
  { heading: "FOUND", cut: 1, cell: ({ found }) => found },
];

const ofApi = async ({ api, url }: Context): Promise<readonly Check[]> => {
  const { version, emulated } = await dataOf(api.GET("/api/v1/health"));
  const { engaged, reason } = await dataOf(api.GET("/api/v1/kill-switch"));
  const aws = emulated ? "simulated" : "real";
  return [
    { check: "API", subject: url, outcome: "ok", found: `version ${version}, AWS is ${aws}` },
    engaged
      ? {
          check: "kill switch",
          subject: "global",
          outcome: "failed",
          found: `it is on: ${reason ?? "no reason is known"}`,
          remedy: "spot kill-switch off",
        }
      : { check: "kill switch", subject: "global", outcome: "ok", found: "it is off" },
  ];
};

const accountsOf = async (
  { api }: Context,
  id: string | undefined,
): Promise<readonly Account[]> => {
  if (id !== undefined) {
    return [await dataOf(api.GET("/api/v1/accounts/{id}", { params: { path: { id } } }))];
  }
  const { items } = await readPages({ limit: Infinity, all: true }, (query) =>
    dataOf(api.GET("/api/v1/accounts", { params: { query } })),
  );
  return items;
};

/** What the API or AWS refuses says why nothing is known. Ctrl-C, and an API that is gone, end all. */
const orUnknown = async (
  checks: () => Promise<readonly Check[]>,
  instead: (why: string) => readonly Check[],
): Promise<readonly Check[]> => {
  try {
    return await checks();
  } catch (error) {
    if (!(error instanceof Failure) || error.exit === "INTERRUPTED") throw error;
    return instead(error.message);
  }
};

const isVerification = (answer: unknown): answer is Schemas["Verification"] =>
  typeof answer === "object" && answer !== null && "checks" in answer && "features" in answer;

/** As a dry run: who is asked whether all is well notes nothing and makes no account ACTIVE. */
const ofRole = ({ api }: Context, id: string): Promise<readonly Check[]> =>
  orUnknown(
    async () => {
      const { answer } = await dataOf(
        api.POST("/api/v1/dry-run", {
          body: { method: "POST", path: `/accounts/${id}/verify`, body: {} },
        }),
      );
      if (isVerification(answer)) return verificationChecks(answer);
      return [{ check: "role", subject: id, outcome: "unknown", found: "it was not verified" }];
    },
    (found) => [{ check: "role", subject: id, outcome: "unknown", found }],
  );

/** Between two looks, and so many of them: most preflights take less than ten minutes. */
const pauseMs = 2000;
const mostLooks = 300;

const followed = async (context: Context, id: string): Promise<Preflight> => {
  const { api, surroundings } = context;
  const look = (): Promise<Preflight> =>
    dataOf(api.GET("/api/v1/preflight/{id}", { params: { path: { id } } }));
  let preflight = await look();
  for (let looks = 1; preflight.status === "RUNNING" && looks < mostLooks; looks += 1) {
    await surroundings.sleep(pauseMs);
    preflight = await look();
  }
  return preflight;
};

const ofFleet = (context: Context, { account_id: id }: Account): Promise<readonly Check[]> =>
  orUnknown(
    async () => {
      const { api, print } = context;
      const { preflight_id: preflightId, estimate } = await dataOf(
        api.POST("/api/v1/preflight", { body: { account_id: id } }),
      );
      print.note(
        `Reading the fleet of ${id} (${preflightId}): some ${String(estimate.seconds)} s.`,
      );
      return preflightChecks(await followed(context, preflightId));
    },
    (why) => unreadFleet(id, why),
  );

const ofAccount = async (
  context: Context,
  account: Account,
  { preflight }: Options,
): Promise<readonly Check[]> => {
  const { account_id: id, status } = account;
  const role = await ofRole(context, id);
  const isRead = preflight && context.globals.dryRun !== true && status === "ACTIVE";
  const why = status === "ACTIVE" ? "no preflight was made" : `the account is ${status}`;
  const fleet = isRead ? await ofFleet(context, account) : unreadFleet(id, why);
  return [statusCheck(account), ...role, ...fleet];
};

const exitOf = (checks: readonly Check[]): Exit => {
  if (checks.some(({ outcome }) => outcome === "failed")) return "NEEDS_OPERATOR";
  return checks.some(({ outcome }) => outcome === "unknown") ? "DEGRADED" : "DONE";
};

const doctor: Handler<Options> = async (context, { args: [id], options }) => {
  const { print } = context;
  const checks = [...(await ofApi(context))];
  for (const account of await accountsOf(context, id)) {
    checks.push(...(await ofAccount(context, account, options)));
  }
  const count = (asked: Outcome): string =>
    String(checks.filter(({ outcome }) => outcome === asked).length);
  print.list({ items: checks }, columns, {
    empty: "",
    footer: `${count("ok")} ok, ${count("failed")} failed, ${count("unknown")} unknown.`,
  });
  // A narrow terminal cuts what was found.
  for (const { outcome, check, subject, found, remedy } of checks) {
    if (outcome === "ok") continue;
    const next = remedy === undefined ? "" : ` Next: ${remedy}`;
    print.note(
      `${marks[outcome]}: ${check} of ${subject}: ${found}${/[.!?]$/.test(found) ? "" : "."}${next}`,
    );
  }
  return exitOf(checks);
};

export const addDoctor: AddCommands = (program, run) => {
  withExamples(
    program
      .command("doctor")
      .description(
        "look at role, tags, events and quotas, and say what to do: ends with 0 if all is well, with 11 if something failed, with 12 if something is not known",
      )
      .argument("[account]", "id of the account; else all of them")
      .option("--no-preflight", "do not read the fleet: tags and quotas stay unknown")
      .action(run(doctor)),
    "spot doctor",
    "spot doctor 444455556666 --no-preflight",
  );
};
