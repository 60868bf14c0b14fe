import { describe, expect, it } from "@jest/globals";
import { ECSClient } from "@aws-sdk/client-ecs";
import { readContainerInstances } from "../../../adapters/aws/ecs.ts";
import { createEcs } from "../../../local/cloud/ecs/service.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { openPlace, place, refuseNext } from "./simulated-place.ts";

const openEcs = () => {
  const { cloud, config } = openPlace();
  const service = createEcs();
  cloud.serve(service);
  return { cloud, service, ecs: new ECSClient(config) };
};

const idOf = (at: number): string => `i-${String(at).padStart(17, "0")}`;

describe("the container instances of ECS", () => {
  it("are those of all clusters, page by page", async () => {
    const { service, ecs } = openEcs();
    const many = Array.from({ length: 250 }, (_, at) => idOf(at));
    service.addCluster({ ...place, instanceIds: many });
    for (const name of Array.from({ length: 120 }, (_, at) => `c-${String(at)}`)) {
      service.addCluster({ ...place, name, instanceIds: name === "c-119" ? [idOf(999)] : [] });
    }
    expect([...(await readContainerInstances(ecs))].sort()).toEqual([...many, idOf(999)].sort());
  });

  it("are none of a cluster that was deleted meanwhile", async () => {
    const { cloud, service, ecs } = openEcs();
    service.addCluster({ ...place, instanceIds: [idOf(1)] });
    refuseNext(
      cloud,
      "ListContainerInstances",
      new CloudError("ClusterNotFoundException", "Cluster not found.", 400),
    );
    expect([...(await readContainerInstances(ecs))]).toEqual([]);
  });

  it("are not told in part: a refusal is thrown on", async () => {
    const { cloud, service, ecs } = openEcs();
    service.addCluster({ ...place, instanceIds: [idOf(1)] });
    refuseNext(cloud, "DescribeClusters", new CloudError("AccessDeniedException", "No.", 400));
    await expect(readContainerInstances(ecs)).rejects.toMatchObject({ name: "BrokenPermission" });
  });
});
