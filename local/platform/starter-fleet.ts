/** What a newcomer finds in the simulated cloud of `npm start`: a LAB account and a PROD account with instances. */
import { enrolTag } from "../../core/model/tags.ts";
import type { Ec2Control } from "../cloud/ec2/control.ts";
import type { InstanceDeclaration } from "../cloud/ec2/scenario-instance.ts";

export const labAccountId = "444455556666";
export const prodAccountId = "777788889999";
const region = "us-east-1";

const fleet: readonly (Omit<InstanceDeclaration, "region"> & { readonly purpose: string })[] = [
  {
    accountId: labAccountId,
    instanceType: "m5.large",
    rootGib: 30,
    elasticIp: true,
    dataVolumes: [{ sizeGib: 100 }],
    tags: { Name: "web" },
    purpose: "Elastic IP and a data volume",
  },
  {
    accountId: labAccountId,
    instanceType: "c5.xlarge",
    rootGib: 20,
    tags: { Name: "worker" },
    purpose: "nothing but a private address",
  },
  {
    accountId: labAccountId,
    instanceType: "r5.large",
    rootGib: 50,
    disableApiTermination: true,
    tags: { Name: "database" },
    purpose: "protected from termination: refused",
  },
  {
    accountId: prodAccountId,
    instanceType: "m5.xlarge",
    rootGib: 40,
    elasticIp: true,
    tags: { Name: "shop" },
    purpose: "of a PROD account: refused unless its policy allows LINEAR",
  },
];

export interface StarterInstance {
  readonly accountId: string;
  readonly instanceId: string;
  readonly instanceType: string;
  readonly zoneName: string;
  readonly purpose: string;
}

export const addStarterFleet = (control: Ec2Control): readonly StarterInstance[] => {
  for (const accountId of [labAccountId, prodAccountId]) control.addAccount(accountId, [region]);
  return fleet.map(({ purpose, ...declaration }) => {
    const instanceId = control.addInstance({
      ...declaration,
      region,
      sharedTags: { [enrolTag.key]: enrolTag.value },
    });
    return {
      accountId: declaration.accountId,
      instanceId,
      instanceType: declaration.instanceType,
      zoneName: control.find(instanceId)?.zoneName ?? "",
      purpose,
    };
  });
};
