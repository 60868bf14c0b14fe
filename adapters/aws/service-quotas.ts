/** Service Quotas: how much of something an account may have in a region. */
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuota,
  type ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { SpotOptimizerError } from "../../core/errors.ts";
import { orAbsent } from "./or-absent.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

export interface QuotaName {
  /** `ebs`, `ec2` … */
  readonly serviceCode: string;
  /** `L-…`, the same in all accounts and regions. */
  readonly quotaCode: string;
  /** As AWS calls it: a code says nothing to who reads it, and a wrong one would be believed. */
  readonly quotaName: string;
}

const isUnknown = (code: string): boolean => code === "NoSuchResourceException";

/**
 * As it stands for the account; AWS's default where Service Quotas knows no value for the account itself.
 * Source: Service Quotas API reference, GetServiceQuota ("For some quotas, only the default values are available").
 * @throws BrokenRequest where AWS has no such quota, BrokenFacts where it calls it otherwise
 */
export const readQuota = async (
  quotas: ServiceQuotasClient,
  { serviceCode, quotaCode, quotaName }: QuotaName,
): Promise<number> => {
  const resource = `${serviceCode} ${quotaCode}`;
  const input = { ServiceCode: serviceCode, QuotaCode: quotaCode };
  const applied = await orAbsent(
    () =>
      callAws({ action: "GetServiceQuota", resource }, () =>
        quotas.send(new GetServiceQuotaCommand(input)),
      ),
    isUnknown,
  );
  const found: ServiceQuota | undefined =
    applied?.Quota ??
    (
      await callAws({ action: "GetAWSDefaultServiceQuota", resource }, () =>
        quotas.send(new GetAWSDefaultServiceQuotaCommand(input)),
      )
    ).Quota;
  if (found?.QuotaName !== quotaName) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `Service Quotas calls ${resource} "${String(found?.QuotaName)}", not "${quotaName}".`,
      { resource },
    );
  }
  return required(found.Value, `quota ${resource}`);
};
