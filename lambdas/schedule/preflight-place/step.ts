/**
 * Preflight of one region of an account: reads its lists once, and judges all that could be a target as a sweep would. It changes nothing
 * in the account and registers nothing: all that it writes is of the preflight.
 */
import * as z from "zod";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { acquireLease, releaseLease } from "../../../adapters/store/leases.ts";
import {
  getPreflight,
  savePreflightRows,
  updatePreflightPlace,
} from "../../../adapters/store/preflights.ts";
import { rowIdOf } from "../../../core/decide/fleet/preflight/subject.ts";
import { totalsOf } from "../../../core/decide/fleet/preflight/totals.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Account } from "../../../core/model/account.ts";
import { preflightIdSchema, type AccountId, type PreflightId } from "../../../core/model/ids.ts";
import { regionSchema } from "../../../core/model/partition.ts";
import { pipelineModeSchema } from "../../../core/model/pipeline-mode.ts";
import type { PreflightPlace, PreflightRow } from "../../../core/model/preflight.ts";
import { effectivePolicy, type Policy } from "../../../core/policy/policy.ts";
import { groupClients } from "../../fleet/asking.ts";
import { openPlace, type PlaceContext, type PlaceSession } from "../../fleet/place.ts";
import { targetsIn } from "../../fleet/targets.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { candidatesIn, Judging, type Candidate } from "./judge.ts";
import { lookClosely } from "./looks.ts";
import { readVcpuQuotas } from "./quotas.ts";

/** As long as the function may live. */
const leaseSeconds = 900;

/** Some 1.5 kB each: a page stays well below an item's 400 kB, packed to a tenth. */
const rowsOfPage = 200;

const sessionName = "preflight";

/** Of the 900 s that the function has; at one look every two seconds some 400 instances. */
const budgetMs = 840_000;

/** And those with which instances are looked at beside. */
export const preflightClients = [...groupClients, "pricing", "serviceQuotas", "ssm"] as const;

/** Looks closely, too. */
export type PreflightContext = StepContext<(typeof preflightClients)[number]> &
  Pick<PlaceContext, "randomId">;

interface Input {
  readonly preflightId: PreflightId;
  readonly region: string;
}

const outputSchema = z.object({
  /** BUSY: the same event is being worked on. FAILED: nothing could be read, which the preflight says. */
  kind: z.enum(["DONE", "BUSY", "FAILED"]),
  summary: z.string(),
});
type Output = z.infer<typeof outputSchema>;

const requireAccount = async (
  { table }: PreflightContext,
  accountId: AccountId,
): Promise<Account> => {
  const account = await getAccount(table, accountId);
  if (account?.status === "ACTIVE") return account;
  const is = account === undefined ? "no longer connected" : account.status;
  throw new SpotOptimizerError("BrokenInput", `Account ${accountId} is ${is}.`, {
    resource: accountId,
    nextStep: "verify it, and begin another preflight.",
  });
};

const compare = ({ id: one }: PreflightRow, { id: other }: PreflightRow): number =>
  one < other ? -1 : 1;

interface Work {
  readonly input: Input;
  readonly session: PlaceSession;
  readonly judging: Judging;
  readonly candidates: readonly Candidate[];
  /** By their ids, in the order of these. */
  readonly rows: Map<string, PreflightRow>;
}

const policies = (): readonly Policy[] =>
  pipelineModeSchema.options.map((mode) => effectivePolicy(mode));

const judgePlace = async (
  context: PreflightContext,
  input: Input,
  account: Account,
): Promise<Work> => {
  const { region } = input;
  const { accountId } = account;
  const targets = await targetsIn(context.table, { accountId, region });
  const session = await openPlace(context, {
    account,
    region,
    targets,
    takesGroups: true,
    policies: policies(),
    sessionName,
  });
  const judging = new Judging(session);
  const candidates = candidatesIn(session.reading, targets);
  const rows: PreflightRow[] = [];
  for (const candidate of candidates) rows.push(await judging.row(candidate));
  const sorted = rows.toSorted(compare).map((row) => [row.id, row] as const);
  return { input, session, judging, candidates, rows: new Map(sorted) };
};

/** Those that are to be looked at closely: what saves most is first. */
const wantedIn = ({ candidates, rows }: Work): readonly Candidate[] => {
  const rowFor = ({ target }: Candidate): PreflightRow | undefined => rows.get(rowIdOf(target));
  const savedBy = (candidate: Candidate): number => rowFor(candidate)?.monthlyUsd ?? 0;
  return candidates
    .filter((candidate) => rowFor(candidate)?.outcome === "WOULD")
    .toSorted((one, other) => savedBy(other) - savedBy(one));
};

type Progress = Pick<PreflightPlace, "status" | "lookedAt" | "toLookAt" | "quotas">;

const save = async (
  { table, now }: PreflightContext,
  { input: { preflightId, region }, session, rows }: Work,
  progress: Progress,
): Promise<void> => {
  const all = [...rows.values()];
  const pages = Math.ceil(all.length / rowsOfPage);
  for (let page = 0; page < pages; page += 1) {
    const part = all.slice(page * rowsOfPage, (page + 1) * rowsOfPage);
    await savePreflightRows(table, { preflightId, region, page }, part);
  }
  await updatePreflightPlace(table, { preflightId, region }, (place) => ({
    ...place,
    ...progress,
    notedAt: now().toISOString(),
    readAt: session.reading.readAt,
    pages,
    rows: all.length,
    totals: totalsOf(all),
  }));
};

const lookAtAll = async (
  context: PreflightContext,
  work: Work,
  endsAtMs: number,
): Promise<Progress> => {
  const { session, judging, rows } = work;
  const wanted = wantedIn(work);
  let progress: Progress = { status: "LOOKING", lookedAt: 0, toLookAt: wanted.length };
  await save(context, work, progress);
  await lookClosely(context, {
    session,
    judging,
    wanted,
    rows,
    endsAtMs,
    onLooked: async (looked) => {
      for (const { row } of looked) rows.set(row.id, row);
      const whole = looked.filter(({ isWhole }) => isWhole).length;
      progress = { ...progress, lookedAt: progress.lookedAt + whole };
      await save(context, work, progress);
    },
  });
  return progress;
};

const fail = async (
  { table, now, log }: PreflightContext,
  { preflightId, region }: Input,
  { name, message }: SpotOptimizerError,
): Promise<Output> => {
  await updatePreflightPlace(table, { preflightId, region }, (place) => ({
    ...place,
    status: "FAILED",
    notedAt: now().toISOString(),
    failure: { error: name, cause: message },
  }));
  const summary = `${region} was not judged: ${message}`;
  log.warn(summary, { preflightId, region, error: name });
  return { kind: "FAILED", summary };
};

const judgeAndSave = async (context: PreflightContext, input: Input): Promise<Output> => {
  const { preflightId } = input;
  const preflight = await getPreflight(context.table, preflightId);
  if (preflight === undefined) {
    const sentence = `There is no preflight ${preflightId}.`;
    throw new SpotOptimizerError("BrokenNotFound", sentence, { resource: preflightId });
  }
  try {
    const account = await requireAccount(context, preflight.accountId);
    const endsAtMs = context.now().getTime() + budgetMs;
    const work = await judgePlace(context, input, account);
    const progress = await lookAtAll(context, work, endsAtMs);
    const { quotas, rows } = await readVcpuQuotas(context, work.session, [...work.rows.values()]);
    for (const row of rows) work.rows.set(row.id, row);
    await save(context, work, { ...progress, quotas: [...quotas], status: "DONE" });
    const { lookedAt, toLookAt } = progress;
    const summary = `${String(work.rows.size)} subjects judged, ${String(lookedAt)} of ${String(toLookAt)} looked at closely.`;
    return { kind: "DONE", summary };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    return await fail(context, input, error);
  }
};

export const preflightPlaceStep: Step<Input, Output, PreflightContext> = {
  name: "preflight-place",
  clients: preflightClients,
  input: z.object({ preflightId: preflightIdSchema, region: regionSchema }),
  output: outputSchema,
  run: async (context, input) => {
    const { table, now, randomId } = context;
    const resource = `PREFLIGHT#${input.preflightId}#${input.region}`;
    const owner = `preflight-${randomId()}`;
    const held = await acquireLease(table, { resource, owner, now: now(), seconds: leaseSeconds });
    if (held.kind !== "HELD") return { kind: "BUSY", summary: "The region is being judged." };
    try {
      return await judgeAndSave(context, input);
    } finally {
      await releaseLease(table, { resource, owner, fence: held.fence });
    }
  },
};
