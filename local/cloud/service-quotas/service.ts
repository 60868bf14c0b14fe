/**
 * Service Quotas, as far as the quotas go that our functions ask for: snapshots of EBS in a region, and vCPUs of EC2.
 * Sources: Service Quotas API reference, GetServiceQuota, GetAWSDefaultServiceQuota (errors among them); EBS endpoints and quotas in the
 * AWS General Reference: "Snapshots per Region", L-309BACF6, 100,000; EC2 endpoints and quotas there. † Codes of the vCPUs are from public tables.
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

interface Known {
  readonly serviceCode: string;
  readonly serviceName: string;
  readonly quotaName: string;
  readonly byDefault: number;
  readonly applied: (call: Call) => number | undefined;
}

const unknown = (): CloudError =>
  new CloudError("NoSuchResourceException", "The specified resource does not exist.", 400);

type VcpuQuota = readonly [
  quotaCode: string,
  quotaName: string,
  purchase: Parameters<QuotaDirectory["vcpus"]>[1],
  quotaClass: Parameters<QuotaDirectory["vcpus"]>[2],
];

const standard = "Standard (A, C, D, H, I, M, R, T, Z)";

const vcpuQuotas: readonly VcpuQuota[] = [
  ["L-34B43A08", `All ${standard} Spot Instance Requests`, "spot", "Standard"],
  ["L-1216C47A", `Running On-Demand ${standard} instances`, "on-demand", "Standard"],
  ["L-3819A6DF", "All G and VT Spot Instance Requests", "spot", "G/VT"],
  ["L-DB2E81BA", "Running On-Demand G and VT instances", "on-demand", "G/VT"],
  ["L-7212CCBC", "All P Spot Instance Requests", "spot", "P"],
  ["L-417A185B", "Running On-Demand P instances", "on-demand", "P"],
  ["L-E3A00192", "All X Spot Instance Requests", "spot", "X"],
  ["L-7295265B", "Running On-Demand X instances", "on-demand", "X"],
];

/** Of Standard ones; of all others none. Source: EC2 endpoints and quotas, AWS General Reference. */
const defaultVcpus = { Standard: 5, others: 0 } as const;

const knownQuotas = (ec2: QuotaDirectory): ReadonlyMap<string, Known> =>
  new Map<string, Known>([
    [
      "L-309BACF6",
      {
        serviceCode: "ebs",
        serviceName: "Amazon Elastic Block Store (Amazon EBS)",
        quotaName: "Snapshots per Region",
        byDefault: defaultSnapshotQuota,
        applied: ({ region, caller: { accountId } }) => ec2.snapshots({ accountId, region }),
      },
    ],
    ...vcpuQuotas.map(([quotaCode, quotaName, purchase, quotaClass]): [string, Known] => [
      quotaCode,
      {
        serviceCode: "ec2",
        serviceName: "Amazon Elastic Compute Cloud (Amazon EC2)",
        quotaName,
        byDefault: quotaClass === "Standard" ? defaultVcpus.Standard : defaultVcpus.others,
        applied: ({ caller: { accountId } }) => ec2.vcpus(accountId, purchase, quotaClass),
      },
    ]),
  ]);

const quotaOf = (
  { region, caller }: Call,
  { serviceCode, serviceName, quotaName }: Known,
  { QuotaCode, Value }: { readonly QuotaCode: string; readonly Value: number },
): ServiceQuota => ({
  ServiceCode: serviceCode,
  QuotaCode,
  ServiceName: serviceName,
  QuotaArn: `arn:aws:servicequotas:${region}:${caller.accountId}:${serviceCode}/${QuotaCode}`,
  QuotaName: quotaName,
  Value,
  Unit: "None",
  Adjustable: true,
  GlobalQuota: false,
});

export const createServiceQuotas = (ec2: QuotaDirectory): ServiceQuotas => {
  let isApplied = true;
  const quotas = knownQuotas(ec2);

  const requireKnown = ({ ServiceCode, QuotaCode = "" }: GetServiceQuotaRequest): Known => {
    const known = quotas.get(QuotaCode);
    if (known?.serviceCode !== ServiceCode || known === undefined) throw unknown();
    return known;
  };

  const get: Handler<GetServiceQuotaRequest, GetServiceQuotaResponse> = (call, input) => {
    const known = requireKnown(input);
    const Value = known.applied(call);
    if (!isApplied || Value === undefined) throw unknown();
    return { Quota: quotaOf(call, known, { QuotaCode: input.QuotaCode ?? "", Value }) };
  };

  const getDefault: Handler<GetServiceQuotaRequest, GetServiceQuotaResponse> = (call, input) => {
    const known = requireKnown(input);
    const { QuotaCode = "" } = input;
    return { Quota: quotaOf(call, known, { QuotaCode, Value: known.byDefault }) };
  };

  return {
    service: "servicequotas",
    operations: { GetServiceQuota: get, GetAWSDefaultServiceQuota: getDefault },
    forgetApplied: () => {
      isApplied = false;
    },
  };
};
