import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { describe, expect, it } from "@jest/globals";
import { createRoute53 } from "../../../local/cloud/route53/service.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf } from "./cloud-fixture.ts";

const create = () => {
  const { cloud } = createFixture();
  const service = createRoute53();
  cloud.serve(service);
  const { ownAccountId: accountId, operator: credentials } = cloud.identities;
  const client = new Route53Client(localClientConfig(cloud, { region: "us-east-1", credentials }));
  return { service, client, accountId };
};

const a = (name: string, value = "203.0.113.7") => ({ name, type: "A", values: [value] }) as const;

describe("hosted zones", () => {
  it("are listed page by page, those of the account alone", async () => {
    const { service, client, accountId } = create();
    const ids = ["a.org.", "b.org.", "c.org."].map((name) => service.addZone({ accountId, name }));
    service.addZone({ accountId: "999988887777", name: "theirs.org.", isPrivate: true });
    const first = await client.send(new ListHostedZonesCommand({ MaxItems: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: ids[2], MaxItems: 2 });
    expect(first.HostedZones?.map(({ Id }) => Id)).toEqual([
      `/hostedzone/${ids[0] ?? ""}`,
      `/hostedzone/${ids[1] ?? ""}`,
    ]);
    const second = await client.send(new ListHostedZonesCommand({ Marker: first.NextMarker }));
    expect(second.HostedZones?.map(({ Name }) => Name)).toEqual(["c.org."]);
    expect(second.IsTruncated).toBe(false);
  });
});

describe("records of a zone", () => {
  it("come by their names with the labels reversed, then by type, page by page, each once", async () => {
    const { service, client, accountId } = create();
    const id = service.addZone({ accountId, name: "a.org." });
    service.addRecord(id, a("www.a.org."));
    service.addRecord(id, a("b.www.a.org."));
    service.addRecord(id, { ...a("api.a.org."), setIdentifier: "green" });
    service.addRecord(id, { ...a("api.a.org."), setIdentifier: "blue" });
    service.addRecord(id, { name: "api.a.org.", type: "TXT", values: ['"x"'] });
    const seen: string[] = [];
    let from = {};
    for (;;) {
      const page = await client.send(
        // As ListHostedZones spells the id.
        new ListResourceRecordSetsCommand({
          HostedZoneId: `/hostedzone/${id}`,
          MaxItems: 2,
          ...from,
        }),
      );
      for (const { Name, Type, SetIdentifier } of page.ResourceRecordSets ?? []) {
        seen.push([Name, Type, SetIdentifier].filter(Boolean).join(" "));
      }
      if (page.IsTruncated !== true) break;
      from = {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      };
    }
    expect(seen).toEqual([
      "a.org. NS",
      "a.org. SOA",
      "api.a.org. A blue",
      "api.a.org. A green",
      "api.a.org. TXT",
      "www.a.org. A",
      "b.www.a.org. A",
    ]);
  });

  it("are refused of a zone that is not the account's, and from a type without a name", async () => {
    const { service, client, accountId } = create();
    const theirs = service.addZone({ accountId: "999988887777", name: "theirs.org." });
    const list = (HostedZoneId: string, from = {}) =>
      client.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...from }));
    expect(await refusalOf(list(theirs))).toMatchObject({ code: "NoSuchHostedZone", status: 404 });
    const own = service.addZone({ accountId, name: "a.org." });
    expect(await refusalOf(list(own, { StartRecordType: "A" }))).toMatchObject({
      code: "InvalidInput",
      status: 400,
    });
  });
});
