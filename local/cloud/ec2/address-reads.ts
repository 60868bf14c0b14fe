/** Elastic IPs that are given to another account, and their names in reverse DNS. */
import type {
  AddressAttribute,
  AddressTransfer,
  DescribeAddressesAttributeCommandInput,
  DescribeAddressesAttributeResult,
  DescribeAddressTransfersCommandInput,
  DescribeAddressTransfersResult,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { selectVisible, type Ec2Context } from "./context.ts";
import { defined } from "./defined.ts";
import { paginate } from "./paging.ts";
import { kinds, refuse } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { ElasticAddress } from "./state.ts";

const transferView = ({ id, publicIp, traits }: ElasticAddress): readonly AddressTransfer[] => {
  const transfer = traits?.transfer;
  if (transfer === undefined) return [];
  return [
    {
      AllocationId: id,
      PublicIp: publicIp,
      TransferAccountId: transfer.toAccountId,
      TransferOfferExpirationTimestamp: new Date(transfer.expiresAt),
      AddressTransferStatus: transfer.status ?? "pending",
    },
  ];
};

const attributeView = ({ id, publicIp, traits }: ElasticAddress): AddressAttribute => ({
  AllocationId: id,
  PublicIp: publicIp,
  ...defined({ PtrRecord: traits?.reverseName }),
});

export const addressReadOperations = (context: Ec2Context) => ({
  DescribeAddressTransfers: (
    call: Call,
    input: DescribeAddressTransfersCommandInput,
  ): DescribeAddressTransfersResult => {
    const addresses = selectVisible(context, regionOf(context, call).addresses, {
      kind: kinds.address,
      ids: input.AllocationIds,
    });
    const { items, ...next } = paginate(addresses.flatMap(transferView), input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { AddressTransfers: items, ...next };
  },

  DescribeAddressesAttribute: (
    call: Call,
    input: DescribeAddressesAttributeCommandInput,
  ): DescribeAddressesAttributeResult => {
    if (input.Attribute !== "domain-name") {
      throw refuse("InvalidParameterValue", "The attribute must be domain-name.");
    }
    const addresses = selectVisible(context, regionOf(context, call).addresses, {
      kind: kinds.address,
      ids: input.AllocationIds,
    });
    const { items, ...next } = paginate(addresses.map(attributeView), input, {
      min: 1,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { Addresses: items, ...next };
  },
});
