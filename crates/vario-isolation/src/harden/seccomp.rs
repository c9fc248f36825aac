use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter_all_threads,
};

/// What engines, allocators and the standard library use once everything is loaded: memory, clocks,
/// locks, reading and writing what is open, ending. Everything else fails as not permitted.
const ALLOWED: &[i64] = &[
    libc::SYS_brk,
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_ppoll,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
    libc::SYS_write,
    libc::SYS_writev,
];

/// What no engine ever does. Whoever tries has taken the process over and gets no second attempt.
const FATAL: &[i64] = &[
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_add_key,
    libc::SYS_bind,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_connect,
    libc::SYS_delete_module,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_finit_module,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_listen,
    libc::SYS_mount,
    libc::SYS_move_mount,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_send_signal,
    libc::SYS_pivot_root,
    libc::SYS_process_madvise,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_setns,
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_swapon,
    libc::SYS_tkill,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
];

/// How a job without an end waits for the pipe or a moment, where it is a call of its own.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: &[i64] = &[libc::SYS_poll];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[i64] = &[];

/// Calls that older machines have and newer ones do without.
#[cfg(target_arch = "x86_64")]
const FATAL_HERE: &[i64] = &[libc::SYS_fork, libc::SYS_vfork];
#[cfg(not(target_arch = "x86_64"))]
const FATAL_HERE: &[i64] = &[];

type Rules = BTreeMap<i64, Vec<SeccompRule>>;
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Installs both filters, in every thread there is. Nothing can take them away again.
pub(super) fn filter_all_threads() -> Result<String, String> {
    install().map(|()| String::new()).map_err(|error| error.to_string())
}

fn install() -> Outcome<()> {
    // The kernel asks every filter and does the worst that any of them says. The one that kills
    // comes first, because the other allows no further filter.
    apply(fatal()?, SeccompAction::Allow, SeccompAction::KillProcess)?;
    let refused = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    apply(allowed()?, refused, SeccompAction::Allow)
}

fn fatal() -> Outcome<Rules> {
    let always = FATAL.iter().chain(FATAL_HERE);
    let mut rules: Rules = always.map(|number| (*number, Vec::new())).collect();
    // Without this flag it makes a process, with it a thread, which is merely refused.
    let thread = u64::try_from(libc::CLONE_THREAD)?;
    rules.insert(libc::SYS_clone, when(0, SeccompCmpOp::MaskedEq(thread), 0)?);
    for number in [libc::SYS_kill, libc::SYS_tgkill] {
        rules.insert(number, when(0, SeccompCmpOp::Ne, own_pid())?);
    }
    Ok(rules)
}

fn allowed() -> Outcome<Rules> {
    let always = ALLOWED.iter().chain(ALLOWED_HERE);
    let mut rules: Rules = always.map(|number| (*number, Vec::new())).collect();
    // Memory is for data: no engine here compiles to machine code.
    let executable = u64::try_from(libc::PROT_EXEC)?;
    for number in [libc::SYS_mmap, libc::SYS_mprotect] {
        rules.insert(number, when(2, SeccompCmpOp::MaskedEq(executable), 0)?);
    }
    // How `abort` ends a process.
    rules.insert(libc::SYS_tgkill, when(0, SeccompCmpOp::Eq, own_pid())?);
    Ok(rules)
}

fn own_pid() -> u64 {
    u64::from(std::process::id())
}

/// A rule on the lower half of one argument, which is all the kernel looks at in these.
fn when(argument: u8, operator: SeccompCmpOp, value: u64) -> Outcome<Vec<SeccompRule>> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)?;
    Ok(vec![SeccompRule::new(vec![condition])?])
}

fn apply(rules: Rules, otherwise: SeccompAction, matching: SeccompAction) -> Outcome<()> {
    let machine = std::env::consts::ARCH.try_into()?;
    let program: BpfProgram =
        SeccompFilter::new(rules, otherwise, matching, machine)?.try_into()?;
    Ok(apply_filter_all_threads(&program)?)
}
