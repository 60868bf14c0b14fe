/** An account leaves in which an original is kept stopped and its successor serves: told first, then carried out to its end. */
import { listAllDue, updateIntent } from "../../adapters/store/intents.ts";
import { deleteTarget, listTargets } from "../../adapters/store/targets.ts";
import { accountIdSchema } from "../../core/model/ids.ts";
import { isSettingChange } from "../../core/model/intent.ts";
import type { LabAccount } from "../../local/lab/account.ts";
import { hourMs } from "./walk.ts";

const mostRuns = 12;

/** Of the other paths some have left something open, which would keep the account. */
const forgetOthers = async ({ platform, accountId }: LabAccount, kept: string): Promise<void> => {
  const parsed = accountIdSchema.parse(accountId);
  const { items } = await listTargets(platform.table, { accountId: parsed, limit: 100 });
  for (const { targetId, instanceId } of items) {
    if (instanceId !== kept) await deleteTarget(platform.table, targetId);
  }
  // A group's setting goes back when that ends nobody, which may be never.
  for (const { evaluationId, intent } of await listAllDue(platform.table)) {
    if (!isSettingChange(intent.change)) continue;
    await updateIntent(platform.table, evaluationId, intent.id, (stored) => ({
      ...stored,
      status: "SETTLED",
    }));
  }
};

/** @param serving the only one whose target is still there. @throws Error where the account does not leave */
export const offBoard = async (stage: LabAccount, serving: string): Promise<void> => {
  const { api, accountId, clock, platform } = stage;
  const path = `/accounts/${accountId}`;
  await forgetOthers(stage, serving);
  const told = await api.send({ method: "DELETE", path: `${path}?dry_run=true` });
  const { hash } = JSON.parse(told.text) as { readonly hash: string };
  const { status, text } = await api.send({ method: "DELETE", path: `${path}?plan=${hash}` });
  if (status !== 202) throw new Error(`The account does not leave: ${text}.`);
  for (let run = 0; run < mostRuns; run += 1) {
    await platform.functions.invoke("schedule-off-board", {});
    if ((await api.send({ method: "GET", path })).status === 404) return;
    await clock.run({ atMostMs: clock.now() + hourMs });
    await platform.functions.invoke("schedule-janitor", {});
  }
  const left = await api.send({ method: "GET", path });
  throw new Error(`The account has not left: ${left.text}.`);
};
