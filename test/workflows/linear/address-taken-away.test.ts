import type {
  CreateNetworkInterfaceResult,
  DescribeInstancesResult,
  DescribeNetworkInterfacesResult,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { isRetirement } from "../../../local/lab/scenarios.ts";

type CallEc2 = (operation: string, input: unknown) => Promise<unknown>;

/** The customer's own administrator. */
const ownerOf = (lab: Lab): CallEc2 => {
  const { cloud } = lab.platform;
  const { accessKeyId } = cloud.identities.addUser({ accountId, name: "administrator" });
  return (operation, input) =>
    cloud.call({ service: "ec2", operation, region, accessKeyId, input });
};

/** The owner gives the address to an interface that has nothing to do with the switch, and returns its id. */
const takeAddress = async (lab: Lab, call: CallEc2, privateIp: string): Promise<string> => {
  const found = (await call("DescribeInstances", {
    InstanceIds: [lab.originalId],
  })) as DescribeInstancesResult;
  const SubnetId = found.Reservations?.[0]?.Instances?.[0]?.SubnetId;
  const made = (await call("CreateNetworkInterface", { SubnetId })) as CreateNetworkInterfaceResult;
  const NetworkInterfaceId = made.NetworkInterface?.NetworkInterfaceId ?? "";
  // A moment passes until EC2 knows what it has just made.
  lab.clock.elapse(5_000);
  const PrivateIpAddresses = [privateIp];
  await call("AssignPrivateIpAddresses", {
    NetworkInterfaceId,
    PrivateIpAddresses,
    AllowReassignment: true,
  });
  return NetworkInterfaceId;
};

const holderOf = async (call: CallEc2, privateIp: string): Promise<string | undefined> => {
  const found = (await call("DescribeNetworkInterfaces", {
    Filters: [{ Name: "addresses.private-ip-address", Values: [privateIp] }],
  })) as DescribeNetworkInterfacesResult;
  return found.NetworkInterfaces?.[0]?.NetworkInterfaceId;
};

interface Theft {
  readonly lab: Lab;
  readonly call: CallEc2;
  readonly privateIp: string;
  /** Interface that holds the address from then on. */
  readonly stranger: () => string;
}

/** The address is taken right after the product's first call of that name. */
const theftAfter = async (operation: string, options: LabOptions): Promise<Theft> => {
  const lab = await createLab(options);
  const call = ownerOf(lab);
  const [privateIp = ""] = lab.watch.secondaryPrivateIps;
  let stranger = "";
  const stop = lab.platform.cloud.faults.after(async (made: FaultCall) => {
    if (made.operation !== operation) return;
    stop();
    stranger = await takeAddress(lab, call, privateIp);
  });
  return { lab, call, privateIp, stranger: () => stranger };
};

describe("a private address that somebody else took", () => {
  const instance = { secondaryPrivateIps: 1, secondaryInterfaces: 1 };
  const options: LabOptions = {
    instance: { secondaryPrivateIps: 1, dataVolumes: [{ sizeGib: 20 }] },
  };

  it("before it was moved is not taken over, and the switch is undone", async () => {
    const { lab, call, privateIp, stranger } = await theftAfter("AttachVolume", options);
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.error).toBe("StaleOriginal");
    expect(story.evaluation.failure?.cause).toContain(`${privateIp} is now at ${stranger()}`);
    expect(await holderOf(call, privateIp)).toBe(stranger());
    expect(story.effects.map(({ action }) => action)).not.toContain("AssignPrivateIpAddresses");
  });

  it("after it was moved leaves a stateful replacement serving: a person decides", async () => {
    const { lab, call, privateIp, stranger } = await theftAfter("AssignPrivateIpAddresses", {
      instance,
    });
    const story = await lab.run();
    expect(story.evaluation.failure?.cause).toContain(`${privateIp} is now at ${stranger()}`);
    expect(story.evaluation.outcome?.reason).toBe("REPLACEMENT_SERVES");
    expect(await holderOf(call, privateIp)).toBe(stranger());
    expect(lab.replacement()?.state).toBe("running");
    expect(story.original?.state).toBe("stopped");
  });

  it("after it was moved is not taken back: a person decides, and nothing is terminated", async () => {
    const { lab, call, privateIp, stranger } = await theftAfter("AssignPrivateIpAddresses", {
      consistency: "stateless",
      instance,
    });
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(story.evaluation.rollbackProblem).toContain(
      `${privateIp} are held by an interface that somebody else uses`,
    );
    expect(await holderOf(call, privateIp)).toBe(stranger());
    expect(lab.replacement()?.state).toBe("running");
    expect(story.original?.state).toBe("running");
  });
});

describe("an original that its owner terminated after it was marked for retirement", () => {
  it("does not fail the roll-back: its retirement is cancelled, and the replacement kept", async () => {
    const lab = await createLab();
    const { faults } = lab.platform.cloud;
    faults.after((call) => {
      const { Resources = [] } = call.input as { readonly Resources?: readonly string[] };
      if (!isRetirement(call) || !Resources.includes(lab.originalId)) return;
      // One that is well would be left serving.
      lab.control.failChecks(({ lifecycle }) => lifecycle === "spot", "system");
      lab.watch.excuse("original");
      lab.control.terminateByOwner(lab.originalId);
      // The tag is there, and the answer says otherwise.
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    });
    faults.before(({ operation }) => {
      if (operation === "DeleteTags") {
        throw new CloudError("InvalidInstanceID.NotFound", "The instance does not exist.");
      }
    });
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(story.evaluation.rollbackProblem).toContain("cannot be brought back");
    expect(story.intents.find(({ id }) => id === "retire-original")?.status).toBe("UNDONE");
    expect(lab.replacement()?.state).toBe("running");
  });
});
