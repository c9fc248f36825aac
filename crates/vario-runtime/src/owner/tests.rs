mod asking;
mod handing_over;
mod hostile;
mod rig;
