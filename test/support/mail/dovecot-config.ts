import { join } from 'node:path'

/** Everything that Dovecot needs to serve one account in one folder, by whichever user we are. */
export function configuration(as: {
  readonly folder: string
  readonly maildir: string
  readonly port: number
  readonly account: { readonly user: string; readonly password: string }
  readonly served: { readonly user: string; readonly group: string; readonly uid: number; readonly gid: number }
}): string {
  const { folder, maildir, port, account, served } = as
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${join(folder, 'run')}
state_dir = ${join(folder, 'run')}
log_path = ${join(folder, 'dovecot.log')}
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0

# One user for everything: there need be no other, and who is not root can become no other.
default_internal_user = ${served.user}
default_internal_group = ${served.group}
default_login_user = ${served.user}
first_valid_uid = ${served.uid}
first_valid_gid = ${served.gid}

# A test may open a session for each of its looks.
mail_max_userip_connections = 200
mail_location = maildir:${maildir}

passdb {
  driver = static
  args = user=${account.user} password=${account.password}
}
userdb {
  driver = static
  args = uid=${served.uid} gid=${served.gid} home=${folder}
}

namespace inbox {
  inbox = yes
  separator = /
  mailbox Junk {
    special_use = \\Junk
    auto = subscribe
  }
  mailbox Sent {
    special_use = \\Sent
    auto = subscribe
  }
  mailbox Trash {
    special_use = \\Trash
    auto = subscribe
  }
}

# Only root can change its root.
service anvil {
  chroot =
  # Else a wrong password makes every later login from this address wait for seconds.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`
}
