/** The simulated services of customers' accounts, and what they know of each other. */
import type { Cloud } from "../cloud/dispatch.ts";
import { createAutoScaling } from "../cloud/autoscaling/service.ts";
import type { AutoScalingSettings } from "../cloud/autoscaling/settings.ts";
import { createBackup } from "../cloud/backup/service.ts";
import { createCloudFormation } from "../cloud/cloudformation/service.ts";
import { createEc2 } from "../cloud/ec2/service.ts";
import type { Ec2Settings } from "../cloud/ec2/settings.ts";
import { createEcs } from "../cloud/ecs/service.ts";
import { createEks } from "../cloud/eks/service.ts";
import { createClassicElb } from "../cloud/elb/classic.ts";
import { createElb } from "../cloud/elb/service.ts";
import { createKms } from "../cloud/kms/service.ts";
import type { KubeSettings } from "../cloud/kubernetes/settings.ts";
import type { Market } from "../cloud/market/market.ts";
import { createMonitoring } from "../cloud/monitoring/service.ts";
import { createPricing } from "../cloud/pricing/service.ts";
import { createResourceGroups } from "../cloud/resource-groups/service.ts";
import { createRoute53 } from "../cloud/route53/service.ts";
import { createServiceQuotas } from "../cloud/service-quotas/service.ts";
import { createSns } from "../cloud/sns/service.ts";
import { createSsm } from "../cloud/ssm/service.ts";

interface Simulated {
  readonly market: Market;
  readonly settings?: Partial<Ec2Settings>;
  readonly autoScaling?: Partial<AutoScalingSettings>;
  readonly kubernetes?: Partial<KubeSettings>;
}

export const simulate = (cloud: Cloud, options: Simulated) => {
  const ec2 = createEc2(cloud, { market: options.market, settings: options.settings ?? {} });
  const elb = createElb(cloud, ec2.control.directory);
  const classicElb = createClassicElb(cloud);
  const resourceGroups = createResourceGroups(ec2.control.reservations);
  const kms = createKms(ec2.keys);
  const sns = createSns();
  const ssm = createSsm(cloud, ec2.control.directory);
  ec2.control.onEvent(ssm.hear);
  ec2.useParameters(ssm.parameters);
  const monitoring = createMonitoring(cloud);
  const backup = createBackup(cloud);
  const ecs = createEcs();
  const route53 = createRoute53();
  const serviceQuotas = createServiceQuotas(ec2.control.quotas);
  const cloudFormation = createCloudFormation(cloud);
  const autoScaling = createAutoScaling(
    cloud,
    {
      fleet: ec2.control.fleet,
      targets: elb.membership,
      classic: classicElb.membership,
    },
    options.autoScaling,
  );
  const { directory } = ec2.control;
  const eks = createEks(cloud, { directory, groups: autoScaling.control }, options.kubernetes);
  ec2.control.onEvent(eks.hear);
  return {
    ec2,
    elb,
    classicElb,
    autoScaling,
    eks,
    cloudFormation,
    resourceGroups,
    kms,
    sns,
    ssm,
    monitoring,
    pricing: createPricing(cloud, options.market),
    backup,
    ecs,
    route53,
    serviceQuotas,
  };
};
