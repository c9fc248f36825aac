pub(crate) fn run<W: std::io::Write>(_out: &mut crate::report::Report<W>) -> anyhow::Result<()> {
    Ok(())
}
