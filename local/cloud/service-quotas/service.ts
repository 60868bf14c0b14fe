/**
 * Service Quotas, as far as the one quota goes that our functions ask for: snapshots of EBS in a region.
 * Sources: Service Quotas API reference, GetServiceQuota, GetAWSDefaultServiceQuota (errors among them); EBS endpoints and quotas in the
 * AWS General Reference: "Snapshots per Region", L-309BACF6, 100,000.
 */
import type {
  GetServiceQuotaRequest,
  GetServiceQuotaResponse,
  ServiceQuota,
} from "@aws-sdk/client-service-quotas";
import { CloudError, type Call, type Handler, type ServiceModule } from "../contract.ts";
import type { QuotaDirectory } from "../ec2/directory.ts";
import { defaultSnapshotQuota } from "../ec2/regions.ts";

export interface ServiceQuotas extends ServiceModule {
  /** From now on Service Quotas knows AWS's default alone, and no value of an account. */
  forgetApplied(): void;
}

const snapshots = { ServiceCode: "ebs", QuotaCode: "L-309BACF6" } as const;

const unknown = (): CloudError =>
  new CloudError("NoSuchResourceException", "The specified resource does not exist.", 400);

const requireKnown = ({ ServiceCode, QuotaCode }: GetServiceQuotaRequest): void => {
  if (ServiceCode !== snapshots.ServiceCode || QuotaCode !== snapshots.QuotaCode) throw unknown();
};

const quotaOf = ({ region, caller }: Call, Value: number): ServiceQuota => ({
  ...snapshots,
  ServiceName: "Amazon Elastic Block Store (Amazon EBS)",
  QuotaArn: `arn:aws:servicequotas:${region}:${caller.accountId}:ebs/${snapshots.QuotaCode}`,
  QuotaName: "Snapshots per Region",
  Value,
  Unit: "None",
  Adjustable: true,
  GlobalQuota: false,
});

export const createServiceQuotas = (ec2: QuotaDirectory): ServiceQuotas => {
  let isApplied = true;

  const get: Handler<GetServiceQuotaRequest, GetServiceQuotaResponse> = (call, input) => {
    requireKnown(input);
    const value = ec2.snapshots({ accountId: call.caller.accountId, region: call.region });
    if (!isApplied || value === undefined) throw unknown();
    return { Quota: quotaOf(call, value) };
  };

  const getDefault: Handler<GetServiceQuotaRequest, GetServiceQuotaResponse> = (call, input) => {
    requireKnown(input);
    return { Quota: quotaOf(call, defaultSnapshotQuota) };
  };

  return {
    service: "servicequotas",
    operations: { GetServiceQuota: get, GetAWSDefaultServiceQuota: getDefault },
    forgetApplied: () => {
      isApplied = false;
    },
  };
};
