import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { findRecords } from "../../../adapters/aws/route53.ts";
import { awsError } from "./aws-error.ts";

const client = new Route53Client({ region: "us-east-1" });
const mock = mockClient(client);

const zone = (id: string, Name: string) => ({ Id: `/hostedzone/${id}`, Name, CallerReference: id });
const set = (Name: string, ...values: readonly string[]) => ({
  Name,
  Type: "A" as const,
  ResourceRecords: values.map((Value) => ({ Value })),
});
const isMeant = (value: string): boolean => value === "203.0.113.7";
const ends = { IsTruncated: false, MaxItems: 300 };

beforeEach(() => {
  mock.reset();
});

describe("records of hosted zones", () => {
  const answerPages = (): void => {
    const zones = { Marker: undefined, MaxItems: 100 };
    mock.on(ListHostedZonesCommand).resolves({
      ...zones,
      HostedZones: [zone("Z1", "a.org.")],
      IsTruncated: true,
      NextMarker: "Z2",
    });
    mock
      .on(ListHostedZonesCommand, { Marker: "Z2" })
      .resolves({ ...zones, HostedZones: [zone("Z2", "b.org.")], IsTruncated: false });
    mock.on(ListResourceRecordSetsCommand, { HostedZoneId: "Z1" }).resolves({
      ResourceRecordSets: [set("a.org.", "198.51.100.1"), { Name: "alias.a.org.", Type: "A" }],
      IsTruncated: true,
      NextRecordName: "www.a.org.",
      NextRecordType: "A",
      NextRecordIdentifier: "blue",
      MaxItems: 300,
    });
    mock
      .on(ListResourceRecordSetsCommand, {
        HostedZoneId: "Z1",
        StartRecordName: "www.a.org.",
        StartRecordType: "A",
        StartRecordIdentifier: "blue",
      })
      .resolves({
        ...ends,
        ResourceRecordSets: [set("www.a.org.", "198.51.100.1", "203.0.113.7")],
      });
    mock
      .on(ListResourceRecordSetsCommand, { HostedZoneId: "Z2" })
      .resolves({ ...ends, ResourceRecordSets: [set("b.org.", "203.0.113.7")] });
  };

  it("are looked through over all pages of all zones", async () => {
    answerPages();
    await expect(findRecords(client, { isMeant, mostPages: 5 })).resolves.toEqual({
      found: [
        { zone: "a.org.", zoneId: "Z1", name: "www.a.org.", type: "A" },
        { zone: "b.org.", zoneId: "Z2", name: "b.org.", type: "A" },
      ],
      isPart: false,
    });
  });

  it.each([
    [1, []],
    [2, []],
    [3, ["www.a.org."]],
    [4, ["www.a.org."]],
  ])("beyond %d pages are not, which is said", async (mostPages, names) => {
    answerPages();
    const { found, isPart } = await findRecords(client, { isMeant, mostPages });
    expect([found.map(({ name }) => name), isPart]).toEqual([names, true]);
    expect(mock.calls()).toHaveLength(mostPages);
  });

  it("that may not be read are a denial", async () => {
    mock.on(ListHostedZonesCommand).rejects(awsError("AccessDenied"));
    const read = findRecords(client, { isMeant, mostPages: 5 });
    await expect(read).rejects.toMatchObject({ name: "BrokenPermission" });
  });
});
