/** One account in one region of the simulated cloud, asked over the wire: for tests of what adapters read and delete. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { createCloud, type Cloud } from "../../../local/cloud/dispatch.ts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { createEc2, type Ec2 } from "../../../local/cloud/ec2/service.ts";
import type { Ec2Settings } from "../../../local/cloud/ec2/settings.ts";
import { seededMarket } from "../../../local/cloud/market/seeded.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";

const accountId = "111122223333";
export const region = "eu-central-1";
export const place = { accountId, region };
export const startMs = Date.parse("2026-03-02T10:00:00Z");
export const dayMs = 24 * 3_600_000;

export interface SimulatedPlace {
  readonly clock: VirtualClock;
  readonly cloud: Cloud;
  readonly service: Ec2;
  readonly ec2: EC2Client;
  readonly config: ReturnType<typeof localClientConfig>;
  readonly pass: (ms: number) => Promise<void>;
  /** Operations that were called, in order. */
  readonly calls: () => readonly string[];
}

export const openPlace = (settings: Partial<Ec2Settings> = {}): SimulatedPlace => {
  const clock = new VirtualClock(startMs);
  const cloud = createCloud({ clock, seed: 3, ownAccountId: accountId });
  const service = createEc2(cloud, {
    market: seededMarket({ seed: 7, outageFactor: 0 }),
    settings: { visibilityMs: [0, 0], jitter: 0, ...settings },
  });
  service.control.addAccount(accountId, [region]);
  cloud.serve(service);
  const config = localClientConfig(cloud, { region, credentials: cloud.identities.operator });
  return {
    clock,
    cloud,
    service,
    ec2: new EC2Client(config),
    config,
    pass: (ms) => clock.run({ atMostMs: clock.now() + ms }),
    calls: () => cloud.journal.map(({ operation }) => operation),
  };
};

/** The call is refused meanwhile: it never came to the service. */
export const refuseNext = (cloud: Cloud, operation: string, error: Error): void => {
  const end = cloud.faults.before((call) => {
    if (call.operation !== operation) return;
    end();
    throw error;
  });
};
