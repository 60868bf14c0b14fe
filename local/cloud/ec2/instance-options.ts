/** Options of an instance with the values that EC2 fills in where the launch said nothing. */
import type {
  InstanceMetadataOptionsResponse,
  PrivateDnsNameOptionsResponse,
} from "@aws-sdk/client-ec2";
import { defined } from "./defined.ts";
import type { Instance } from "./state.ts";

export const metadataOf = (instance: Instance): InstanceMetadataOptionsResponse => ({
  State: "applied",
  HttpTokens: "optional",
  HttpPutResponseHopLimit: 1,
  HttpEndpoint: "enabled",
  HttpProtocolIpv6: "disabled",
  InstanceMetadataTags: "disabled",
  ...defined(instance.metadata),
});

export const privateDnsOptionsOf = (instance: Instance): PrivateDnsNameOptionsResponse => ({
  HostnameType: "ip-name",
  EnableResourceNameDnsARecord: false,
  EnableResourceNameDnsAAAARecord: false,
  ...defined(instance.privateDns ?? {}),
});

export const switchesOf = (instance: Instance) => ({
  EnclaveOptions: { Enabled: instance.enclave?.Enabled ?? false },
  HibernationOptions: { Configured: instance.hibernation?.Configured ?? false },
  MaintenanceOptions: { AutoRecovery: instance.maintenance?.AutoRecovery ?? ("default" as const) },
});
