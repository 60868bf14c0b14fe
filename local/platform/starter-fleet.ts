/** What a newcomer finds in the simulated cloud of `npm start`: a LAB account and a PROD account with instances, a group and an EKS cluster. */
import type { InstanceDeclaration } from "../cloud/ec2/scenario-instance.ts";
import { addCluster, type ClusterOfOwner } from "./customer-cluster.ts";
import { addGroup, enrolled } from "./customer-group.ts";
import type { Platform } from "./platform.ts";

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

interface StarterInstance {
  readonly accountId: string;
  readonly instanceId: string;
  readonly instanceType: string;
  readonly zoneName: string;
  readonly purpose: string;
}

/** An Auto Scaling group, all of it On-Demand and in service behind a load balancer. */
interface StarterGroup {
  readonly accountId: string;
  readonly asgName: string;
  readonly size: number;
  /** One of its members: a target is registered by it. */
  readonly member: Omit<StarterInstance, "purpose" | "accountId">;
}

export interface StarterFleet {
  readonly instances: readonly StarterInstance[];
  readonly group: StarterGroup;
  readonly cluster: ClusterOfOwner;
}

const clusterName = "shop";

const starterGroup = { name: "shop-web", size: 4, min: 2, max: 6 } as const;

const addStarterGroup = (platform: Platform): StarterGroup => {
  const { firstId } = addGroup({ platform, accountId: labAccountId, region }, starterGroup);
  const { instanceType = "", zoneName = "" } = platform.ec2.control.find(firstId) ?? {};
  return {
    accountId: labAccountId,
    asgName: starterGroup.name,
    size: starterGroup.size,
    member: { instanceId: firstId, instanceType, zoneName },
  };
};

const addStarterInstances = ({ ec2: { control } }: Platform): readonly StarterInstance[] =>
  fleet.map(({ purpose, ...declaration }) => {
    const instanceId = control.addInstance({ ...declaration, region, sharedTags: enrolled });
    return {
      accountId: declaration.accountId,
      instanceId,
      instanceType: declaration.instanceType,
      zoneName: control.find(instanceId)?.zoneName ?? "",
      purpose,
    };
  });

export const addStarterFleet = (platform: Platform): StarterFleet => {
  for (const accountId of [labAccountId, prodAccountId]) {
    platform.ec2.control.addAccount(accountId, [region]);
  }
  return {
    instances: addStarterInstances(platform),
    group: addStarterGroup(platform),
    cluster: addCluster({ platform, accountId: labAccountId, region }, clusterName),
  };
};
