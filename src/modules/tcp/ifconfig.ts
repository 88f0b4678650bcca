import { readFileSync } from "node:fs";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { defineCommand, flag, integer, text } from "../../ctx/index.ts";

const noHardware = "00:00:00:00:00:00";

/** Finds the system's number of an interface: Linux keeps it in a file, others tell it with a link-local address. */
function indexOf(name: string, addresses: readonly NetworkInterfaceInfo[], place: number): number {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/ifindex`, "utf8"));
  } catch {
    const scope = addresses.find((each) => each.family === "IPv6" && each.scopeid > 0);
    return scope?.family === "IPv6" ? scope.scopeid : place + 1;
  }
}

/** The length of the network's part of an address: 24 of `192.168.0.106/24`. */
function maskOf({ cidr }: NetworkInterfaceInfo): number | undefined {
  return cidr === null ? undefined : Number(cidr.slice(cidr.indexOf("/") + 1));
}

/** Shows the addresses of this machine. */
export const ifconfig = defineCommand({
  name: "ifconfig",
  help: { en: "Show the network interfaces", zh: "网卡管理" },
  effect: "read",
  args: { name: text({ en: "A part of the interface's name", zh: "网卡名" }, { default: "" }) },
  options: { all: flag({ en: "Also show IPv6, and interfaces without hardware", zh: "全部地址" }) },
  columns: {
    index: integer({ en: "Number of the interface", zh: "序号" }),
    name: text({ en: "Name of the interface", zh: "网卡" }),
    ip: text({ en: "Address", zh: "地址" }),
    mask: integer({ en: "Length of the network's part of the address", zh: "掩码" }, { optional: true }),
    hard: text({ en: "Hardware address", zh: "物理地址" }),
  },
  examples: [{ help: "An interface that is not there", shell: "> ifconfig nosuch\nindex  name  ip  mask  hard" }],
  words: ["network", "interface", "address", "ip"],
  run(m, { name: wanted, all }) {
    for (const [place, [name, addresses = []]] of Object.entries(networkInterfaces()).entries()) {
      if (!name.includes(wanted)) continue;
      const index = indexOf(name, addresses, place);
      for (const each of addresses) {
        if (!all && (each.family !== "IPv4" || each.internal || each.mac === noHardware)) continue;
        m.push({ index, name, ip: each.address, mask: maskOf(each), hard: each.mac });
      }
    }
  },
});
