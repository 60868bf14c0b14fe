/** One audit row per change made through the API: who, what, to what. */
import { appendAudit } from "../../adapters/store/audit.ts";
import { actorOf } from "./caller.ts";
import type { ApiContext, ApiRequest } from "./context.ts";

export interface AuditedChange {
  /** `CREATE_ACCOUNT`, `SET_KILL_SWITCH` … */
  readonly action: string;
  readonly resource: string;
  /** What was asked for; never an ExternalId. */
  readonly detail: unknown;
}

export const audit = async (
  context: ApiContext,
  request: ApiRequest,
  change: AuditedChange,
): Promise<void> => {
  await appendAudit(context.table, {
    at: context.now().toISOString(),
    actor: actorOf(context, request),
    ...change,
  });
};
