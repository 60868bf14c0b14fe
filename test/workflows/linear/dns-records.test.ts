/** Records of Route 53 that name a public address which the subnet had lent: they do not follow, and are told. */
import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, type LabOptions } from "../../../local/lab/lab.ts";

const accepted = ["primary-private-ip", "public-ip"];

const lent = (options: LabOptions = {}): Promise<Lab> =>
  createLab({
    ...options,
    instance: { publicIp: true, elasticIp: false, ...options.instance },
    policy: { accept_change_of: accepted, ...options.policy },
  });

const followUpsIn = async (lab: Lab): Promise<string> => {
  const story = await lab.run();
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.status).toBe("SWITCHED");
  return (story.evaluation.progress.followUps ?? []).join(" ");
};

const addressOf = ({ control, originalId }: Lab): string =>
  control.find(originalId)?.publicIps[0] ?? "";

const callsTo53 = ({ platform }: Lab): number =>
  platform.cloud.journal.filter(({ service }) => service === "route53").length;

describe("a public address that the subnet had lent", () => {
  it("is told with the records that name it, or EC2's name for it, and with no other", async () => {
    const lab = await lent();
    const { route53 } = lab.platform;
    const address = addressOf(lab);
    expect(address).not.toBe("");
    const zoneId = route53.addZone({ accountId, name: "example.com." });
    const byName = `ec2-${address.replaceAll(".", "-")}.compute-1.amazonaws.com`;
    route53.addRecord(zoneId, { name: "www.example.com.", type: "A", values: [address] });
    route53.addRecord(zoneId, { name: "old.example.com.", type: "CNAME", values: [byName] });
    route53.addRecord(zoneId, { name: "mail.example.com.", type: "A", values: ["192.0.2.1"] });
    const told = await followUpsIn(lab);
    expect(told).toContain(`www.example.com. A in zone example.com. (${zoneId})`);
    expect(told).toContain(`old.example.com. CNAME in zone example.com. (${zoneId})`);
    expect(told).not.toContain("mail.example.com.");
    expect(callsTo53(lab)).toBe(2);
  });

  it("is told as unread where records may not be read, and the switch ends well", async () => {
    const lab = await lent();
    lab.platform.cloud.faults.before(({ service }) => {
      if (service === "route53") throw new CloudError("AccessDenied", "Not authorized.", 403);
    });
    expect(await followUpsIn(lab)).toContain("Records of Route 53 could not be read");
  });

  it("is nothing that records are read for where an Elastic IP moves", async () => {
    const lab = await createLab();
    expect(await followUpsIn(lab)).not.toContain("Route 53 name");
    expect(callsTo53(lab)).toBe(0);
  });
});
