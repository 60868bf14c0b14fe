/** Reads the quotas on which what would go to Spot draws, and says which of it does not fit. */
import { readQuota } from "../../../adapters/aws/service-quotas.ts";
import {
  quotaNeeds,
  rowsBeyond,
  standingOf,
  type QuotaNeed,
} from "../../../core/decide/fleet/preflight/vcpu-quotas.ts";
import { fallbackFeature } from "../../../core/decide/switch/registration.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Account } from "../../../core/model/account.ts";
import type { PreflightRow } from "../../../core/model/preflight.ts";
import type { VcpuQuota } from "../../../core/model/vcpu-quota.ts";
import type { PlaceSession } from "../../fleet/place.ts";
import type { StepContext } from "../../runtime/context.ts";

type QuotaContext = StepContext<"serviceQuotas">;

const mayFallBack = ({ permissions }: Account, region: string): boolean =>
  !(permissions?.missing ?? []).some(
    ({ feature, regions }) => feature === fallbackFeature && regions.includes(region),
  );

export interface QuotasFound {
  readonly quotas: readonly VcpuQuota[];
  /** In place of those that there are. */
  readonly rows: readonly PreflightRow[];
}

export const readVcpuQuotas = async (
  context: QuotaContext,
  session: PlaceSession,
  rows: readonly PreflightRow[],
): Promise<QuotasFound> => {
  const { account, reading, sessionName } = session;
  const { instances, region } = reading;
  const needs = quotaNeeds({
    instances,
    types: await session.types(),
    rows,
    fallsBack: mayFallBack(account, region),
  });
  if (needs.length === 0) return { quotas: [], rows: [] };
  const { serviceQuotas } = session.atPace(await context.customer(account, region, sessionName));
  const standing = async (need: QuotaNeed): Promise<VcpuQuota> => {
    try {
      const vcpus = await readQuota(serviceQuotas, { serviceCode: "ec2", ...need.quota });
      return standingOf(need, { vcpus });
    } catch (error) {
      if (!(error instanceof SpotOptimizerError)) throw error;
      context.log.warn(`${need.quota.quotaCode} was not read: ${error.message}`, {
        error: error.name,
      });
      return standingOf(need, { because: error.message });
    }
  };
  const quotas: VcpuQuota[] = [];
  const beyond: PreflightRow[] = [];
  for (const need of needs) {
    const found = await standing(need);
    quotas.push(found);
    beyond.push(...rowsBeyond(need, found));
  }
  return { quotas, rows: beyond };
};
