/** Elastic IP addresses of an account as EC2 tells of them: by these facts it is judged whether one is waste. */
import type { Tagged } from "./tagged.ts";

/** Source: EC2 API reference, Address. */
export interface OwnAddress extends Tagged {
  readonly allocationId: string;
  readonly publicIp: string;
  /** Absent: nothing has it. */
  readonly associationId?: string;
  readonly networkInterfaceId?: string;
  /** Account of the interface: another one where a service or a shared VPC has it. */
  readonly networkInterfaceOwnerId?: string;
  readonly instanceId?: string;
  /** `alb`, `nlb`, `rds`, `rnat` …: the service that manages it, also where nothing has it. */
  readonly serviceManaged?: string;
  /** `amazon`, or the id of a pool that the customer has brought. Absent where EC2 does not say. */
  readonly publicIpv4Pool?: string;
  /** On an Outpost. */
  readonly customerOwnedIp?: string;
  /** In a Wavelength Zone. */
  readonly carrierIp?: string;
}

/** An address that is being given to another account. Source: EC2 API reference, AddressTransfer. */
export interface AddressTransfer {
  readonly allocationId: string;
  /** `pending`, `disabled`, `accepted`. */
  readonly status: string;
  readonly toAccountId?: string;
  /** ISO 8601. Seven hours after the offer it is over. */
  readonly expiresAt?: string;
}

/** All of the account's in a region, read to its end. */
export interface AddressList {
  readonly addresses: readonly OwnAddress[];
  readonly transfers: readonly AddressTransfer[];
  /** By allocation id: the name that reverse DNS gives, with the ones that are being set. */
  readonly reverseNames: ReadonlyMap<string, string>;
}

/** A network interface, with what managed services have. Source: EC2 API reference, NetworkInterface. */
export interface OwnInterface extends Tagged {
  readonly networkInterfaceId: string;
  /** `available`: nothing uses it; `in-use`, `associated`, `attaching`, `detaching`. */
  readonly status: string;
  /** `interface`, or what made it: `natGateway`, `network_load_balancer`, `vpc_endpoint` … */
  readonly interfaceType: string;
  readonly ownerId?: string;
  readonly isRequesterManaged: boolean;
  readonly isOperatorManaged: boolean;
  readonly instanceId?: string;
  /** Each is charged, lent ones and Elastic IPs alike. */
  readonly publicIps: readonly string[];
}
