import { defineCommand, signer, text } from "../../ctx/index.ts";
import { keyFile, keyId } from "./signer.ts";

/** Shows who this node is to others. */
export const key = defineCommand({
  name: "key",
  help: { en: "Show the public key of this node, which is made at its first use", zh: "节点公钥" },
  effect: "read",
  columns: {
    id: text({ en: "Short name of the key: a hash of it", zh: "密钥标识" }),
    key: text({ en: "The public key, Ed25519", zh: "公钥" }),
    file: text({ en: "Where the private key is kept", zh: "文件" }),
  },
  examples: [{ help: "Who this node is", shell: "> key\nid  key  file\n…   …    var/run/node/key.pem" }],
  words: ["identity", "certificate", "fingerprint", "signature"],
  run(m) {
    const { key } = m.use(signer)();
    return { id: keyId(key), key, file: keyFile };
  },
});
