import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { describe, expect, it } from "@jest/globals";
import { createServiceQuotas } from "../../../local/cloud/service-quotas/service.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf } from "./cloud-fixture.ts";

const create = (quota: number | undefined) => {
  const { cloud } = createFixture();
  const service = createServiceQuotas({
    snapshots: () => quota,
    vcpus: (_accountId, purchase, quotaClass) =>
      purchase === "spot" && quotaClass === "Standard" ? 640 : undefined,
  });
  cloud.serve(service);
  const client = new ServiceQuotasClient(
    localClientConfig(cloud, { region: "eu-west-1", credentials: cloud.identities.operator }),
  );
  return { service, client };
};

const snapshots = { ServiceCode: "ebs", QuotaCode: "L-309BACF6" };

describe("Service Quotas", () => {
  it("tells what applies to the account, and AWS's default beside it", async () => {
    const { client } = create(120_000);
    const { Quota } = await client.send(new GetServiceQuotaCommand(snapshots));
    expect(Quota).toMatchObject({
      ...snapshots,
      QuotaName: "Snapshots per Region",
      Value: 120_000,
    });
    const byDefault = await client.send(new GetAWSDefaultServiceQuotaCommand(snapshots));
    expect(byDefault.Quota?.Value).toBe(100_000);
  });

  it("tells how many vCPUs an account may have on Spot", async () => {
    const { client } = create(1);
    const standard = { ServiceCode: "ec2", QuotaCode: "L-34B43A08" };
    const { Quota } = await client.send(new GetServiceQuotaCommand(standard));
    expect(Quota).toMatchObject({
      QuotaName: "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
      Value: 640,
    });
    const ofEbs = new GetServiceQuotaCommand({ ...standard, ServiceCode: "ebs" });
    expect(await refusalOf(client.send(ofEbs))).toMatchObject({ code: "NoSuchResourceException" });
  });

  it("knows no value of an account that has none of its own, nor another quota", async () => {
    const { client, service } = create(120_000);
    const other = new GetServiceQuotaCommand({ ...snapshots, QuotaCode: "L-D18FCD1D" });
    const absent = { code: "NoSuchResourceException", status: 400 };
    expect(await refusalOf(client.send(other))).toMatchObject(absent);
    service.forgetApplied();
    expect(await refusalOf(client.send(new GetServiceQuotaCommand(snapshots)))).toMatchObject(
      absent,
    );
  });
});
